-- What is told of under an alert are several things, kept as JSON, and not one partner.
ALTER TABLE alerts RENAME COLUMN partner TO joined;
