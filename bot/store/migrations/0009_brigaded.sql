-- Cases that were reached by readers who likely agreed to report together.
CREATE TABLE brigaded (
    case_id  INTEGER PRIMARY KEY REFERENCES cases (id),
    alert_id INTEGER NOT NULL REFERENCES alerts (id),
    since    INTEGER NOT NULL
) STRICT;
