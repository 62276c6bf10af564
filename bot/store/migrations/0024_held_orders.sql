-- What an earlier version asked of a site by itself was a hide under a rule, as if somebody had
-- decided. Where the site has not heard it yet, it is told of a hold, and its readers of no rule.
UPDATE effects SET order_json = json_set(
    order_json, '$.action', 'hold', '$.rule', NULL, '$.rule_name', NULL, '$.notice',
    'Your comment is on hold until a moderator has looked at it; nothing has been decided about it.'
)
WHERE kind = 'site' AND state <> 'done'
AND decision_id IN (SELECT id FROM decisions WHERE action = 'hide' AND door = 'desk');
