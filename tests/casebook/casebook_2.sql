BEGIN TRANSACTION;
CREATE TABLE alert_names (
	name VARCHAR NOT NULL, 
	alert_id VARCHAR NOT NULL, 
	PRIMARY KEY (name), 
	FOREIGN KEY(alert_id) REFERENCES alerts (alert_id)
);
CREATE TABLE alert_revisions (
	alert_id VARCHAR NOT NULL, 
	revision INTEGER NOT NULL, 
	recorded_at BIGINT NOT NULL, 
	fingerprint VARCHAR NOT NULL, 
	lake_version VARCHAR NOT NULL, 
	body TEXT NOT NULL, 
	PRIMARY KEY (alert_id, revision), 
	FOREIGN KEY(alert_id) REFERENCES alerts (alert_id)
);
INSERT INTO "alert_revisions" VALUES('398876ebc229fa585c11bbff01babdb2',1,1779235200000000,'5d85fdb51c40538e61901c0069b136469e20d2f652f67c6bc47f29e2ac8da459','v1','{"anchor":"2026-05-03T00:00:00+00:00","details":{},"detector":"coordination","doubt":[],"end":"2026-05-06T00:00:00+00:00","evidence":[],"expected":null,"observed":null,"p":null,"parameters":{"window":60},"q":null,"score":0.8,"sentence":"2 accounts shared the same planting guide within a minute.","severity":"medium","start":"2026-05-03T00:00:00+00:00","subjects":[["account","a4da74bb462e7f35eed59"],["account","af553d409a9a419b3384f"]],"version":"1"}');
INSERT INTO "alert_revisions" VALUES('6d3bff174c75b5feea73de99e4751e3e',1,1779235200000000,'aa3a5dd173efde6d98c8ce90d05e6fc0cd2771caf8d5557d346d9028fdcdde3b','v1','{"anchor":"2026-05-03T00:00:00+00:00","details":{},"detector":"coordination","doubt":[],"end":"2026-05-06T00:00:00+00:00","evidence":[],"expected":null,"observed":null,"p":null,"parameters":{"window":60},"q":null,"score":0.8,"sentence":"2 accounts shared the same planting guide within a minute.","severity":"medium","start":"2026-05-03T00:00:00+00:00","subjects":[["account","a4969f7a6b1fd254ae701"],["account","a1a5c4b446c0e4d4c1ecc"]],"version":"1"}');
CREATE TABLE alerts (
	alert_id VARCHAR NOT NULL, 
	case_id VARCHAR NOT NULL, 
	family VARCHAR NOT NULL, 
	revision INTEGER NOT NULL, 
	starts BIGINT NOT NULL, 
	ends BIGINT NOT NULL, 
	PRIMARY KEY (alert_id), 
	FOREIGN KEY(case_id) REFERENCES cases (case_id)
);
INSERT INTO "alerts" VALUES('398876ebc229fa585c11bbff01babdb2','C-DK38','f14ce7505cb9c0b71cf4c50635d0dea78ec4f9cbff3b498c71f4995d3fb4c96c',1,1777766400000000,1778025600000000);
INSERT INTO "alerts" VALUES('6d3bff174c75b5feea73de99e4751e3e','C-YWD0','f14ce7505cb9c0b71cf4c50635d0dea78ec4f9cbff3b498c71f4995d3fb4c96c',1,1777766400000000,1778025600000000);
CREATE TABLE audit (
	sequence INTEGER NOT NULL, 
	at VARCHAR NOT NULL, 
	actor VARCHAR NOT NULL, 
	act VARCHAR NOT NULL, 
	detail TEXT NOT NULL, 
	previous VARCHAR NOT NULL, 
	hash VARCHAR NOT NULL, 
	PRIMARY KEY (sequence), 
	UNIQUE (hash)
);
INSERT INTO "audit" VALUES(1,'2026-05-20T00:00:00.000000+00:00','seawall','propose','{"grown":[],"lake_version":"v1","new":["398876ebc229fa585c11bbff01babdb2","6d3bff174c75b5feea73de99e4751e3e"],"opened":["C-DK38","C-YWD0"],"reopened":[],"revised":[]}','0000000000000000000000000000000000000000000000000000000000000000','0c411dc6f49421de4745e93da656b412f9190dd2f88e4cda6b1e84d0c4fdc364');
INSERT INTO "audit" VALUES(2,'2026-05-20T00:00:01.000000+00:00','Rosa','decide','{"case":"C-DK38","commitment":"0a2fede77900c996bea83fe72acf1aec21b1d4c4ac42b9f4f1616a8f9f12d2a4","decision":1,"outcome":"no_action","stage":"decided"}','0c411dc6f49421de4745e93da656b412f9190dd2f88e4cda6b1e84d0c4fdc364','4d2031b3236f1be2b11d0e68bfefd00f9b564ab3f383e34dc4ac8321ab076704');
CREATE TABLE audit_head (
	only INTEGER NOT NULL, 
	entries INTEGER NOT NULL, 
	hash VARCHAR NOT NULL, 
	PRIMARY KEY (only)
);
INSERT INTO "audit_head" VALUES(1,2,'4d2031b3236f1be2b11d0e68bfefd00f9b564ab3f383e34dc4ac8321ab076704');
CREATE TABLE cases (
	case_id VARCHAR NOT NULL, 
	status VARCHAR NOT NULL, 
	severity INTEGER NOT NULL, 
	confidence FLOAT NOT NULL, 
	opened_at BIGINT NOT NULL, 
	starts BIGINT NOT NULL, 
	ends BIGINT NOT NULL, 
	sentence TEXT NOT NULL, 
	PRIMARY KEY (case_id)
);
INSERT INTO "cases" VALUES('C-DK38','decided',1,0.8,1779235200000000,1777766400000000,1778025600000000,'2 accounts shared the same planting guide within a minute.');
INSERT INTO "cases" VALUES('C-YWD0','open',1,0.8,1779235200000000,1777766400000000,1778025600000000,'2 accounts shared the same planting guide within a minute.');
CREATE TABLE compared_days (
	day VARCHAR NOT NULL, 
	messages INTEGER NOT NULL, 
	PRIMARY KEY (day)
);
CREATE TABLE compared_feeds (
	feed VARCHAR NOT NULL, 
	number INTEGER NOT NULL, 
	PRIMARY KEY (feed)
);
CREATE TABLE decisions (
	number INTEGER NOT NULL, 
	case_id VARCHAR NOT NULL, 
	reviewer VARCHAR NOT NULL, 
	at BIGINT NOT NULL, 
	outcome VARCHAR NOT NULL, 
	stage VARCHAR NOT NULL, 
	reason TEXT NOT NULL, 
	known TEXT NOT NULL, 
	salt VARCHAR NOT NULL, 
	PRIMARY KEY (number), 
	FOREIGN KEY(case_id) REFERENCES cases (case_id)
);
INSERT INTO "decisions" VALUES(1,'C-DK38','Rosa',1779235201000000,'no_action','decided','A garden club''s news.','{"detectors":["coordination"],"evidence":0,"revisions":{"398876ebc229fa585c11bbff01babdb2":1},"severity":1,"subjects":2}','d9ccef64cac2b70cd5ebe114198f7b66');
CREATE TABLE events (
	number INTEGER NOT NULL, 
	case_id VARCHAR NOT NULL, 
	at BIGINT NOT NULL, 
	actor VARCHAR NOT NULL, 
	act VARCHAR NOT NULL, 
	note TEXT NOT NULL, 
	PRIMARY KEY (number), 
	FOREIGN KEY(case_id) REFERENCES cases (case_id)
);
INSERT INTO "events" VALUES(1,'C-DK38',1779235200000000,'seawall','opened','Opened with 1 alert.');
INSERT INTO "events" VALUES(2,'C-YWD0',1779235200000000,'seawall','opened','Opened with 1 alert.');
INSERT INTO "events" VALUES(3,'C-DK38',1779235201000000,'Rosa','decided','no_action');
CREATE TABLE exchanges (
	bank VARCHAR NOT NULL, 
	checkpoint TEXT NOT NULL, 
	PRIMARY KEY (bank)
);
CREATE TABLE holds (
	number INTEGER NOT NULL, 
	account VARCHAR NOT NULL, 
	reviewer VARCHAR NOT NULL, 
	reason TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	released_by VARCHAR, 
	released_at BIGINT, 
	release_reason TEXT, 
	PRIMARY KEY (number)
);
CREATE TABLE indicator_banks (
	name VARCHAR NOT NULL, 
	enabled INTEGER NOT NULL, 
	"by" VARCHAR NOT NULL, 
	reason TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (name)
);
CREATE TABLE indicators (
	id VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	value TEXT NOT NULL, 
	bank VARCHAR NOT NULL, 
	source VARCHAR NOT NULL, 
	owner VARCHAR NOT NULL, 
	reason TEXT NOT NULL, 
	added_on VARCHAR NOT NULL, 
	added_by VARCHAR NOT NULL, 
	confidence INTEGER NOT NULL, 
	expires_on VARCHAR NOT NULL, 
	status VARCHAR NOT NULL, 
	wanted VARCHAR NOT NULL, 
	seconded_by VARCHAR, 
	ended_by VARCHAR, 
	ended_reason TEXT, 
	changed INTEGER NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE links (
	case_id VARCHAR NOT NULL, 
	other VARCHAR NOT NULL, 
	alert_id VARCHAR NOT NULL, 
	PRIMARY KEY (case_id, other), 
	FOREIGN KEY(case_id) REFERENCES cases (case_id), 
	FOREIGN KEY(other) REFERENCES cases (case_id), 
	FOREIGN KEY(alert_id) REFERENCES alerts (alert_id)
);
CREATE TABLE marks (
	alert_id VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	id VARCHAR NOT NULL, 
	PRIMARY KEY (alert_id, kind, id), 
	FOREIGN KEY(alert_id) REFERENCES alerts (alert_id)
);
INSERT INTO "marks" VALUES('398876ebc229fa585c11bbff01babdb2','account','a4da74bb462e7f35eed59');
INSERT INTO "marks" VALUES('398876ebc229fa585c11bbff01babdb2','account','af553d409a9a419b3384f');
INSERT INTO "marks" VALUES('6d3bff174c75b5feea73de99e4751e3e','account','a1a5c4b446c0e4d4c1ecc');
INSERT INTO "marks" VALUES('6d3bff174c75b5feea73de99e4751e3e','account','a4969f7a6b1fd254ae701');
CREATE TABLE meta (
	"key" VARCHAR NOT NULL, 
	value VARCHAR NOT NULL, 
	PRIMARY KEY ("key")
);
INSERT INTO "meta" VALUES('schema','2');
CREATE TABLE notices (
	receiver VARCHAR NOT NULL, 
	case_id VARCHAR NOT NULL, 
	told INTEGER NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (receiver, case_id), 
	FOREIGN KEY(case_id) REFERENCES cases (case_id)
);
CREATE TABLE reviewers (
	"key" VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	role VARCHAR NOT NULL, 
	PRIMARY KEY ("key")
);
CREATE TABLE salts (
	value VARCHAR NOT NULL, 
	salt VARCHAR NOT NULL, 
	PRIMARY KEY (value)
);
CREATE TABLE seals (
	name VARCHAR NOT NULL, 
	total VARCHAR NOT NULL, 
	rows INTEGER NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "seals" VALUES('sqlite_master','27836a6d7e56896e23184cb2c907c19a',51);
INSERT INTO "seals" VALUES('audit','40e015031783df81e377488622d0e3ec',2);
INSERT INTO "seals" VALUES('audit_head','d0b60ee2c3d8623df32882c2206e95f7',1);
INSERT INTO "seals" VALUES('cases','94fa4515299e9cf0623a76ce5ef477dc',2);
INSERT INTO "seals" VALUES('compared_days','00000000000000000000000000000000',0);
INSERT INTO "seals" VALUES('compared_feeds','00000000000000000000000000000000',0);
INSERT INTO "seals" VALUES('exchanges','00000000000000000000000000000000',0);
INSERT INTO "seals" VALUES('holds','00000000000000000000000000000000',0);
INSERT INTO "seals" VALUES('indicator_banks','00000000000000000000000000000000',0);
INSERT INTO "seals" VALUES('indicators','00000000000000000000000000000000',0);
INSERT INTO "seals" VALUES('meta','d82d0d03c16b194d36e8a447564320dd',1);
INSERT INTO "seals" VALUES('reviewers','00000000000000000000000000000000',0);
INSERT INTO "seals" VALUES('salts','00000000000000000000000000000000',0);
INSERT INTO "seals" VALUES('alerts','7f546da81d8481980c74109868f6f3a9',2);
INSERT INTO "seals" VALUES('decisions','6dca9d80a7fdc3a7f8b02af51d9bd5bf',1);
INSERT INTO "seals" VALUES('events','d81fcdab65c014eecd020e8a5d64cdfb',3);
INSERT INTO "seals" VALUES('notices','00000000000000000000000000000000',0);
INSERT INTO "seals" VALUES('sightings','00000000000000000000000000000000',0);
INSERT INTO "seals" VALUES('alert_names','00000000000000000000000000000000',0);
INSERT INTO "seals" VALUES('alert_revisions','98bbecb417bde603ab3641650f5d43d0',2);
INSERT INTO "seals" VALUES('links','00000000000000000000000000000000',0);
INSERT INTO "seals" VALUES('marks','62775db7c23f01068ea16c7b6642985a',4);
CREATE TABLE sightings (
	indicator VARCHAR NOT NULL, 
	message_id VARCHAR NOT NULL, 
	at BIGINT NOT NULL, 
	live INTEGER NOT NULL, 
	context INTEGER NOT NULL, 
	disguised INTEGER NOT NULL, 
	PRIMARY KEY (indicator, message_id), 
	FOREIGN KEY(indicator) REFERENCES indicators (id)
);
CREATE INDEX ix_holds_account ON holds (account);
CREATE INDEX indicators_by_bank ON indicators (bank, kind);
CREATE INDEX ix_indicators_changed ON indicators (changed);
CREATE INDEX ix_alerts_case_id ON alerts (case_id);
CREATE INDEX ix_decisions_case_id ON decisions (case_id);
CREATE INDEX ix_events_case_id ON events (case_id);
CREATE INDEX sightings_by_message ON sightings (message_id);
CREATE INDEX sightings_by_time ON sightings (indicator, at);
CREATE INDEX marks_by_id ON marks (id);
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
COMMIT;
