-- Since when a case waits that was decided and opened again.
CREATE TABLE reopened (
    case_id INTEGER PRIMARY KEY REFERENCES cases (id),
    at      INTEGER NOT NULL
) STRICT;

-- Of those that wait now, the last decision or report is the best that is known.
INSERT INTO reopened (case_id, at)
SELECT id, MAX(reported_at, COALESCE(
    (SELECT MAX(at) FROM decisions WHERE decisions.case_id = cases.id
     AND decisions.action NOT IN ('hold', 'release') AND decisions.door <> 'desk'), opened_at
))
FROM cases WHERE state = 'reopened';
