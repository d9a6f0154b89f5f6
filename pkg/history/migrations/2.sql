CREATE INDEX record_replay ON record (seq) WHERE source = 'replay';
