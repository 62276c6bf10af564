-- How many cards show an open case is asked at each look at what waits, of however many open cases.
CREATE INDEX cards_open ON cards (decided, message_id) WHERE decided = 0;
