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
INSERT INTO "alert_revisions" VALUES('11d0d75434ca21d6ea040e7a18344d51',1,1779235200000000,'214061bd3f38b56d5cfef71187e371f179bf48ae8866b70a9ad71738f00275a8','v1','{"anchor":"2026-05-05T00:00:00+00:00","details":{},"detector":"coordination","doubt":[],"end":"2026-05-08T00:00:00+00:00","evidence":[],"expected":null,"observed":null,"p":null,"parameters":{"window":60},"q":null,"score":0.8,"sentence":"4 accounts shared the same planting guide within a minute.","severity":"medium","start":"2026-05-05T00:00:00+00:00","subjects":[["account","aeab885f0737721bb421d"],["account","a35e85404100c122ecba7"],["account","a37b5a0f8ccfff1f29724"],["account","a2896bd07a1eb9cbc9d6f"]],"version":"1"}');
INSERT INTO "alert_revisions" VALUES('479de9549738f89d4cbf0cb6a856ec15',1,1779235200000000,'760e48527784dfba751ad6109c72efe45919eb06d3d338acb3849bdef53f1e1a','v1','{"anchor":"2026-05-04T00:00:00+00:00","details":{},"detector":"coordination","doubt":[],"end":"2026-05-07T00:00:00+00:00","evidence":[],"expected":null,"observed":null,"p":null,"parameters":{"window":60},"q":null,"score":0.8,"sentence":"3 accounts shared the same planting guide within a minute.","severity":"medium","start":"2026-05-04T00:00:00+00:00","subjects":[["account","a4969f7a6b1fd254ae701"],["account","a1a5c4b446c0e4d4c1ecc"],["account","ab0f98aa719dedd0018da"]],"version":"1"}');
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
INSERT INTO "alerts" VALUES('11d0d75434ca21d6ea040e7a18344d51','C-0D5T','f14ce7505cb9c0b71cf4c50635d0dea78ec4f9cbff3b498c71f4995d3fb4c96c',1,1777939200000000,1778198400000000);
INSERT INTO "alerts" VALUES('479de9549738f89d4cbf0cb6a856ec15','C-VS19','f14ce7505cb9c0b71cf4c50635d0dea78ec4f9cbff3b498c71f4995d3fb4c96c',1,1777852800000000,1778112000000000);
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
INSERT INTO "audit" VALUES(1,'2026-05-20T00:00:00.000000+00:00','seawall','propose','{"grown":[],"lake_version":"v1","new":["11d0d75434ca21d6ea040e7a18344d51","479de9549738f89d4cbf0cb6a856ec15"],"opened":["C-0D5T","C-VS19"],"reopened":[],"revised":[]}','0000000000000000000000000000000000000000000000000000000000000000','93a1f327b718606670e448734a3b0f1fff962117e25e411792261cd5d525dd00');
INSERT INTO "audit" VALUES(2,'2026-05-20T00:00:01.000000+00:00','Rosa','decide','{"case":"C-0D5T","commitment":"33c861b5745cc01da4e19cdda95aecc53baa911760ffc19086bee1d86c168697","decision":1,"outcome":"no_action","stage":"decided"}','93a1f327b718606670e448734a3b0f1fff962117e25e411792261cd5d525dd00','57b7702af23473ebb5afdd30b63540122ea90e5cc953f3e8fd33e3b146dc855c');
CREATE TABLE audit_head (
	only INTEGER NOT NULL, 
	entries INTEGER NOT NULL, 
	hash VARCHAR NOT NULL, 
	PRIMARY KEY (only)
);
INSERT INTO "audit_head" VALUES(1,2,'57b7702af23473ebb5afdd30b63540122ea90e5cc953f3e8fd33e3b146dc855c');
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
INSERT INTO "cases" VALUES('C-0D5T','decided',1,0.8,1779235200000000,1777939200000000,1778198400000000,'4 accounts shared the same planting guide within a minute.');
INSERT INTO "cases" VALUES('C-VS19','open',1,0.8,1779235200000000,1777852800000000,1778112000000000,'3 accounts shared the same planting guide within a minute.');
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
INSERT INTO "decisions" VALUES(1,'C-0D5T','Rosa',1779235201000000,'no_action','decided','A club newsletter.','{"detectors":["coordination"],"evidence":0,"revisions":{"11d0d75434ca21d6ea040e7a18344d51":1},"severity":1,"subjects":4}','9b5f49167e0f0fabc35857347d665f22');
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
INSERT INTO "events" VALUES(1,'C-0D5T',1779235200000000,'seawall','opened','Opened with 1 alert.');
INSERT INTO "events" VALUES(2,'C-VS19',1779235200000000,'seawall','opened','Opened with 1 alert.');
INSERT INTO "events" VALUES(3,'C-0D5T',1779235201000000,'Rosa','decided','no_action');
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
INSERT INTO "marks" VALUES('11d0d75434ca21d6ea040e7a18344d51','account','a2896bd07a1eb9cbc9d6f');
INSERT INTO "marks" VALUES('11d0d75434ca21d6ea040e7a18344d51','account','a35e85404100c122ecba7');
INSERT INTO "marks" VALUES('11d0d75434ca21d6ea040e7a18344d51','account','a37b5a0f8ccfff1f29724');
INSERT INTO "marks" VALUES('11d0d75434ca21d6ea040e7a18344d51','account','aeab885f0737721bb421d');
INSERT INTO "marks" VALUES('479de9549738f89d4cbf0cb6a856ec15','account','a1a5c4b446c0e4d4c1ecc');
INSERT INTO "marks" VALUES('479de9549738f89d4cbf0cb6a856ec15','account','a4969f7a6b1fd254ae701');
INSERT INTO "marks" VALUES('479de9549738f89d4cbf0cb6a856ec15','account','ab0f98aa719dedd0018da');
CREATE TABLE meta (
	"key" VARCHAR NOT NULL, 
	value VARCHAR NOT NULL, 
	PRIMARY KEY ("key")
);
INSERT INTO "meta" VALUES('schema','1');
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
INSERT INTO "seals" VALUES('sqlite_master','e42084ca1753579944c7642a4a34fb31',35);
INSERT INTO "seals" VALUES('audit','a0225514c815ce6d1f3d711d114c6107',2);
INSERT INTO "seals" VALUES('audit_head','7736b6f460a4e0602f4269f840b57675',1);
INSERT INTO "seals" VALUES('cases','087e8188fb087ed4c9b825a2d67c671b',2);
INSERT INTO "seals" VALUES('holds','00000000000000000000000000000000',0);
INSERT INTO "seals" VALUES('meta','783c7a84cffff558eea88c437a839e62',1);
INSERT INTO "seals" VALUES('reviewers','00000000000000000000000000000000',0);
INSERT INTO "seals" VALUES('salts','00000000000000000000000000000000',0);
INSERT INTO "seals" VALUES('alerts','e8b966f4ac9983ab8206187198c020bb',2);
INSERT INTO "seals" VALUES('decisions','d66a6593e835686bfc142901e8308bba',1);
INSERT INTO "seals" VALUES('events','ce53f523290d1621e494b016908c9cf4',3);
INSERT INTO "seals" VALUES('notices','00000000000000000000000000000000',0);
INSERT INTO "seals" VALUES('alert_names','00000000000000000000000000000000',0);
INSERT INTO "seals" VALUES('alert_revisions','e286c13685c18259e01a8075bf2a5195',2);
INSERT INTO "seals" VALUES('links','00000000000000000000000000000000',0);
INSERT INTO "seals" VALUES('marks','0677a6f95fd6b389f4182d8e2355e621',7);
CREATE INDEX ix_holds_account ON holds (account);
CREATE INDEX ix_alerts_case_id ON alerts (case_id);
CREATE INDEX ix_decisions_case_id ON decisions (case_id);
CREATE INDEX ix_events_case_id ON events (case_id);
CREATE INDEX marks_by_id ON marks (id);
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
COMMIT;
