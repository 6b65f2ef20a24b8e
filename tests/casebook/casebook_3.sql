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
INSERT INTO "alert_revisions" VALUES('32ee09d7b26573ea29797bf17770ef12',1,1779235200000000,'fee32d5f2b2cef05096a577374a18639652d907a12fe4d6ac3d8ea7ab88dd9f3','v1','{"anchor":"2026-05-03T00:00:00+00:00","details":{},"detector":"coordination","doubt":[],"end":"2026-05-06T00:00:00+00:00","evidence":[],"expected":null,"observed":null,"p":null,"parameters":{"window":60},"q":null,"score":0.8,"sentence":"2 accounts shared the same planting guide within a minute.","severity":"medium","start":"2026-05-03T00:00:00+00:00","subjects":[["account","a1a5c4b446c0e4d4c1ecc"],["account","ab0f98aa719dedd0018da"]],"version":"1"}');
INSERT INTO "alert_revisions" VALUES('dae6f5826f653d0a779ae8c27379df4d',1,1779235200000000,'d0f107c80029df811f9fbd640249a5bdfb72b160d1b000506e6978cb3dfae3c3','v1','{"anchor":"2026-05-03T00:00:00+00:00","details":{},"detector":"coordination","doubt":[],"end":"2026-05-06T00:00:00+00:00","evidence":[],"expected":null,"observed":null,"p":null,"parameters":{"window":60},"q":null,"score":0.8,"sentence":"2 accounts shared the same planting guide within a minute.","severity":"medium","start":"2026-05-03T00:00:00+00:00","subjects":[["account","aaf7a1e7448ca268a6f9d"],["account","a554b9c363b204d9b44f6"]],"version":"1"}');
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
INSERT INTO "alerts" VALUES('32ee09d7b26573ea29797bf17770ef12','C-VQAZ','f14ce7505cb9c0b71cf4c50635d0dea78ec4f9cbff3b498c71f4995d3fb4c96c',1,1777766400000000,1778025600000000);
INSERT INTO "alerts" VALUES('dae6f5826f653d0a779ae8c27379df4d','C-6XBW','f14ce7505cb9c0b71cf4c50635d0dea78ec4f9cbff3b498c71f4995d3fb4c96c',1,1777766400000000,1778025600000000);
CREATE TABLE api_tokens (
	token_id VARCHAR NOT NULL, 
	hash VARCHAR NOT NULL, 
	person VARCHAR NOT NULL, 
	scopes TEXT NOT NULL, 
	made_at BIGINT NOT NULL, 
	ends_at BIGINT NOT NULL, 
	PRIMARY KEY (token_id), 
	UNIQUE (hash), 
	FOREIGN KEY(person) REFERENCES reviewers ("key")
);
CREATE TABLE appeals (
	appeal_id VARCHAR NOT NULL, 
	case_id VARCHAR NOT NULL, 
	decision INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	"by" VARCHAR NOT NULL, 
	at BIGINT NOT NULL, 
	state VARCHAR NOT NULL, 
	decided_by VARCHAR, 
	decided_at BIGINT, 
	reason TEXT, 
	PRIMARY KEY (appeal_id), 
	FOREIGN KEY(case_id) REFERENCES cases (case_id), 
	FOREIGN KEY(decision) REFERENCES decisions (number)
);
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
INSERT INTO "audit" VALUES(1,'2026-05-20T00:00:00.000000+00:00','seawall','propose','{"grown":[],"lake_version":"v1","new":["32ee09d7b26573ea29797bf17770ef12","dae6f5826f653d0a779ae8c27379df4d"],"opened":["C-6XBW","C-VQAZ"],"reopened":[],"revised":[]}','0000000000000000000000000000000000000000000000000000000000000000','854c71d8912ca14e65bcd8f4848acb27cd6f4301bf11808c8271b85a531c92d7');
INSERT INTO "audit" VALUES(2,'2026-05-20T00:00:01.000000+00:00','Rosa','decide','{"case":"C-6XBW","commitment":"d83f56a4a802cc7c866720a5111e55a3fce0268847c835741302257a5e1aeb2e","decision":1,"outcome":"watch","stage":"decided"}','854c71d8912ca14e65bcd8f4848acb27cd6f4301bf11808c8271b85a531c92d7','934b8ff59c9c01674f7bbb44e7bd5bf3fa814dbc5c3c4c7f3bf3e999607caa14');
CREATE TABLE audit_head (
	only INTEGER NOT NULL, 
	entries INTEGER NOT NULL, 
	hash VARCHAR NOT NULL, 
	PRIMARY KEY (only)
);
INSERT INTO "audit_head" VALUES(1,2,'934b8ff59c9c01674f7bbb44e7bd5bf3fa814dbc5c3c4c7f3bf3e999607caa14');
CREATE TABLE blind_reviews (
	number INTEGER NOT NULL, 
	case_id VARCHAR NOT NULL, 
	decision INTEGER NOT NULL, 
	person VARCHAR NOT NULL, 
	reviewer VARCHAR NOT NULL, 
	golden INTEGER NOT NULL, 
	asked_at BIGINT NOT NULL, 
	at BIGINT, 
	outcome VARCHAR, 
	reason TEXT, 
	PRIMARY KEY (number), 
	FOREIGN KEY(case_id) REFERENCES cases (case_id), 
	FOREIGN KEY(decision) REFERENCES decisions (number)
);
CREATE TABLE campaign_cases (
	case_id VARCHAR NOT NULL, 
	campaign_id VARCHAR NOT NULL, 
	PRIMARY KEY (case_id), 
	FOREIGN KEY(case_id) REFERENCES cases (case_id), 
	FOREIGN KEY(campaign_id) REFERENCES campaigns (campaign_id)
);
CREATE TABLE campaign_events (
	number INTEGER NOT NULL, 
	campaign_id VARCHAR NOT NULL, 
	at BIGINT NOT NULL, 
	"by" VARCHAR NOT NULL, 
	act VARCHAR NOT NULL, 
	cases TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	PRIMARY KEY (number), 
	FOREIGN KEY(campaign_id) REFERENCES campaigns (campaign_id)
);
CREATE TABLE campaigns (
	campaign_id VARCHAR NOT NULL, 
	name TEXT NOT NULL, 
	"by" VARCHAR NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (campaign_id)
);
CREATE TABLE case_detectors (
	case_id VARCHAR NOT NULL, 
	detector VARCHAR NOT NULL, 
	alerts INTEGER NOT NULL, 
	PRIMARY KEY (case_id, detector), 
	FOREIGN KEY(case_id) REFERENCES cases (case_id)
);
INSERT INTO "case_detectors" VALUES('C-6XBW','coordination',1);
INSERT INTO "case_detectors" VALUES('C-VQAZ','coordination',1);
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
INSERT INTO "cases" VALUES('C-VQAZ','open',1,0.8,1779235200000000,1777766400000000,1778025600000000,'2 accounts shared the same planting guide within a minute.');
INSERT INTO "cases" VALUES('C-6XBW','decided',1,0.8,1779235200000000,1777766400000000,1778025600000000,'2 accounts shared the same planting guide within a minute.');
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
CREATE TABLE decision_details (
	number INTEGER NOT NULL, 
	note TEXT NOT NULL, 
	"before" VARCHAR NOT NULL, 
	PRIMARY KEY (number), 
	FOREIGN KEY(number) REFERENCES decisions (number)
);
INSERT INTO "decision_details" VALUES(1,'','open');
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
INSERT INTO "decisions" VALUES(1,'C-6XBW','Rosa',1779235201000000,'watch','decided','It rains.','{"detectors":["coordination"],"evidence":0,"revisions":{"dae6f5826f653d0a779ae8c27379df4d":1},"severity":1,"subjects":2}','ecf167093ba8d05aa534548d1f3bdbc1');
CREATE TABLE drafts (
	number INTEGER NOT NULL, 
	case_id VARCHAR NOT NULL, 
	person VARCHAR NOT NULL, 
	outcome VARCHAR, 
	reason TEXT NOT NULL, 
	note TEXT NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (number), 
	UNIQUE (person, case_id), 
	FOREIGN KEY(case_id) REFERENCES cases (case_id)
);
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
INSERT INTO "events" VALUES(1,'C-VQAZ',1779235200000000,'seawall','opened','Opened with 1 alert.');
INSERT INTO "events" VALUES(2,'C-6XBW',1779235200000000,'seawall','opened','Opened with 1 alert.');
INSERT INTO "events" VALUES(3,'C-6XBW',1779235201000000,'Rosa','decided','watch');
CREATE TABLE exchanges (
	bank VARCHAR NOT NULL, 
	checkpoint TEXT NOT NULL, 
	PRIMARY KEY (bank)
);
CREATE TABLE golden_cases (
	case_id VARCHAR NOT NULL, 
	outcome VARCHAR NOT NULL, 
	reason TEXT NOT NULL, 
	"by" VARCHAR NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (case_id), 
	FOREIGN KEY(case_id) REFERENCES cases (case_id)
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
CREATE TABLE leases (
	case_id VARCHAR NOT NULL, 
	holder VARCHAR NOT NULL, 
	person VARCHAR NOT NULL, 
	until BIGINT NOT NULL, 
	PRIMARY KEY (case_id), 
	FOREIGN KEY(case_id) REFERENCES cases (case_id)
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
INSERT INTO "marks" VALUES('32ee09d7b26573ea29797bf17770ef12','account','a1a5c4b446c0e4d4c1ecc');
INSERT INTO "marks" VALUES('32ee09d7b26573ea29797bf17770ef12','account','ab0f98aa719dedd0018da');
INSERT INTO "marks" VALUES('dae6f5826f653d0a779ae8c27379df4d','account','a554b9c363b204d9b44f6');
INSERT INTO "marks" VALUES('dae6f5826f653d0a779ae8c27379df4d','account','aaf7a1e7448ca268a6f9d');
CREATE TABLE meta (
	"key" VARCHAR NOT NULL, 
	value VARCHAR NOT NULL, 
	PRIMARY KEY ("key")
);
INSERT INTO "meta" VALUES('schema','3');
CREATE TABLE notices (
	receiver VARCHAR NOT NULL, 
	case_id VARCHAR NOT NULL, 
	told INTEGER NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (receiver, case_id), 
	FOREIGN KEY(case_id) REFERENCES cases (case_id)
);
CREATE TABLE outside_identities (
	issuer VARCHAR NOT NULL, 
	subject VARCHAR NOT NULL, 
	person VARCHAR NOT NULL, 
	linked_at BIGINT NOT NULL, 
	PRIMARY KEY (issuer, subject), 
	FOREIGN KEY(person) REFERENCES reviewers ("key")
);
CREATE TABLE outward_uses (
	number INTEGER NOT NULL, 
	decision INTEGER NOT NULL, 
	"by" VARCHAR NOT NULL, 
	what VARCHAR NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (number), 
	FOREIGN KEY(decision) REFERENCES decisions (number)
);
CREATE TABLE passkey_challenges (
	hash VARCHAR NOT NULL, 
	person VARCHAR, 
	challenge VARCHAR NOT NULL, 
	origin VARCHAR NOT NULL, 
	ends_at BIGINT NOT NULL, 
	PRIMARY KEY (hash)
);
CREATE TABLE passkeys (
	credential VARCHAR NOT NULL, 
	person VARCHAR NOT NULL, 
	public_key TEXT NOT NULL, 
	counter BIGINT NOT NULL, 
	label VARCHAR NOT NULL, 
	added_at BIGINT NOT NULL, 
	PRIMARY KEY (credential), 
	FOREIGN KEY(person) REFERENCES reviewers ("key")
);
CREATE TABLE passwords (
	person VARCHAR NOT NULL, 
	hash TEXT NOT NULL, 
	set_at BIGINT NOT NULL, 
	PRIMARY KEY (person), 
	FOREIGN KEY(person) REFERENCES reviewers ("key")
);
CREATE TABLE person_queues (
	person VARCHAR NOT NULL, 
	queue VARCHAR NOT NULL, 
	PRIMARY KEY (person, queue), 
	FOREIGN KEY(person) REFERENCES reviewers ("key")
);
CREATE TABLE preferences (
	person VARCHAR NOT NULL, 
	body TEXT NOT NULL, 
	PRIMARY KEY (person), 
	FOREIGN KEY(person) REFERENCES reviewers ("key")
);
CREATE TABLE request_answers (
	number INTEGER NOT NULL, 
	request_id VARCHAR NOT NULL, 
	reviewer VARCHAR NOT NULL, 
	answered_at BIGINT NOT NULL, 
	agreed INTEGER NOT NULL, 
	reason TEXT NOT NULL, 
	salt VARCHAR NOT NULL, 
	PRIMARY KEY (number), 
	UNIQUE (request_id), 
	FOREIGN KEY(request_id) REFERENCES requests (request_id)
);
CREATE TABLE requests (
	request_id VARCHAR NOT NULL, 
	kind VARCHAR NOT NULL, 
	subjects TEXT NOT NULL, 
	asked_by VARCHAR NOT NULL, 
	asked_at BIGINT NOT NULL, 
	reason TEXT NOT NULL, 
	salt VARCHAR NOT NULL, 
	state VARCHAR NOT NULL, 
	ends_at BIGINT NOT NULL, 
	apart INTEGER NOT NULL, 
	PRIMARY KEY (request_id)
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
INSERT INTO "seals" VALUES('sqlite_master','bab9883ba578d85e3884e0727d97e96e',111);
INSERT INTO "seals" VALUES('audit','4a8d8cc89e09398a92e3bff892c23302',2);
INSERT INTO "seals" VALUES('audit_head','fd21fda96f866936b310c5528b46dae6',1);
INSERT INTO "seals" VALUES('campaigns','00000000000000000000000000000000',0);
INSERT INTO "seals" VALUES('cases','adc961ed896c6b1f2c8ee86c4be1d020',2);
INSERT INTO "seals" VALUES('compared_days','00000000000000000000000000000000',0);
INSERT INTO "seals" VALUES('compared_feeds','00000000000000000000000000000000',0);
INSERT INTO "seals" VALUES('exchanges','00000000000000000000000000000000',0);
INSERT INTO "seals" VALUES('holds','00000000000000000000000000000000',0);
INSERT INTO "seals" VALUES('indicator_banks','00000000000000000000000000000000',0);
INSERT INTO "seals" VALUES('indicators','00000000000000000000000000000000',0);
INSERT INTO "seals" VALUES('meta','8f14427c97dd8bd4e98a70dd6217f4b2',1);
INSERT INTO "seals" VALUES('passkey_challenges','00000000000000000000000000000000',0);
INSERT INTO "seals" VALUES('requests','00000000000000000000000000000000',0);
INSERT INTO "seals" VALUES('reviewers','00000000000000000000000000000000',0);
INSERT INTO "seals" VALUES('salts','00000000000000000000000000000000',0);
INSERT INTO "seals" VALUES('sign_in_tries','00000000000000000000000000000000',0);
INSERT INTO "seals" VALUES('alerts','a19b29751f1f178b6728d7b5354da001',2);
INSERT INTO "seals" VALUES('api_tokens','00000000000000000000000000000000',0);
INSERT INTO "seals" VALUES('campaign_cases','00000000000000000000000000000000',0);
INSERT INTO "seals" VALUES('campaign_events','00000000000000000000000000000000',0);
INSERT INTO "seals" VALUES('case_detectors','8e83f74188fe850ec5ad7ce62682f1d2',2);
INSERT INTO "seals" VALUES('decisions','90e3392469d08f78ada98e55bc754e50',1);
INSERT INTO "seals" VALUES('drafts','00000000000000000000000000000000',0);
INSERT INTO "seals" VALUES('events','863a570ddd593de6fbaa13dbaf8f72d9',3);
INSERT INTO "seals" VALUES('golden_cases','00000000000000000000000000000000',0);
INSERT INTO "seals" VALUES('leases','00000000000000000000000000000000',0);
INSERT INTO "seals" VALUES('notices','00000000000000000000000000000000',0);
INSERT INTO "seals" VALUES('outside_identities','00000000000000000000000000000000',0);
INSERT INTO "seals" VALUES('passkeys','00000000000000000000000000000000',0);
INSERT INTO "seals" VALUES('passwords','00000000000000000000000000000000',0);
INSERT INTO "seals" VALUES('person_queues','00000000000000000000000000000000',0);
INSERT INTO "seals" VALUES('preferences','00000000000000000000000000000000',0);
INSERT INTO "seals" VALUES('request_answers','00000000000000000000000000000000',0);
INSERT INTO "seals" VALUES('sessions','00000000000000000000000000000000',0);
INSERT INTO "seals" VALUES('sightings','00000000000000000000000000000000',0);
INSERT INTO "seals" VALUES('sign_in_links','00000000000000000000000000000000',0);
INSERT INTO "seals" VALUES('totp_secrets','00000000000000000000000000000000',0);
INSERT INTO "seals" VALUES('alert_names','00000000000000000000000000000000',0);
INSERT INTO "seals" VALUES('alert_revisions','1640c2500d7f423602358c576ab93a80',2);
INSERT INTO "seals" VALUES('appeals','00000000000000000000000000000000',0);
INSERT INTO "seals" VALUES('blind_reviews','00000000000000000000000000000000',0);
INSERT INTO "seals" VALUES('decision_details','98834df6886535c6ac052aff1a98f9a1',1);
INSERT INTO "seals" VALUES('links','00000000000000000000000000000000',0);
INSERT INTO "seals" VALUES('marks','6ad276361a7b10b612261867d62bfd89',4);
INSERT INTO "seals" VALUES('outward_uses','00000000000000000000000000000000',0);
INSERT INTO "seals" VALUES('undone_decisions','00000000000000000000000000000000',0);
CREATE TABLE sessions (
	hash VARCHAR NOT NULL, 
	person VARCHAR NOT NULL, 
	how VARCHAR NOT NULL, 
	opened_at BIGINT NOT NULL, 
	seen_at BIGINT NOT NULL, 
	PRIMARY KEY (hash), 
	FOREIGN KEY(person) REFERENCES reviewers ("key")
);
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
CREATE TABLE sign_in_links (
	hash VARCHAR NOT NULL, 
	person VARCHAR NOT NULL, 
	ends_at BIGINT NOT NULL, 
	PRIMARY KEY (hash), 
	FOREIGN KEY(person) REFERENCES reviewers ("key")
);
CREATE TABLE sign_in_tries (
	subject VARCHAR NOT NULL, 
	tries INTEGER NOT NULL, 
	last_at BIGINT NOT NULL, 
	paused_until BIGINT NOT NULL, 
	PRIMARY KEY (subject)
);
CREATE TABLE totp_secrets (
	person VARCHAR NOT NULL, 
	sealed TEXT, 
	pending TEXT, 
	last_step BIGINT NOT NULL, 
	PRIMARY KEY (person), 
	FOREIGN KEY(person) REFERENCES reviewers ("key")
);
CREATE TABLE undone_decisions (
	number INTEGER NOT NULL, 
	at BIGINT NOT NULL, 
	PRIMARY KEY (number), 
	FOREIGN KEY(number) REFERENCES decisions (number)
);
CREATE INDEX requests_by_state ON requests (state);
CREATE INDEX ix_holds_account ON holds (account);
CREATE INDEX indicators_by_bank ON indicators (bank, kind);
CREATE INDEX ix_indicators_changed ON indicators (changed);
CREATE INDEX ix_passkeys_person ON passkeys (person);
CREATE INDEX ix_sign_in_links_person ON sign_in_links (person);
CREATE INDEX ix_sessions_person ON sessions (person);
CREATE INDEX ix_api_tokens_person ON api_tokens (person);
CREATE INDEX ix_outside_identities_person ON outside_identities (person);
CREATE INDEX ix_case_detectors_detector ON case_detectors (detector);
CREATE INDEX ix_leases_person ON leases (person);
CREATE INDEX ix_campaign_cases_campaign_id ON campaign_cases (campaign_id);
CREATE INDEX ix_campaign_events_campaign_id ON campaign_events (campaign_id);
CREATE INDEX ix_alerts_case_id ON alerts (case_id);
CREATE INDEX ix_decisions_case_id ON decisions (case_id);
CREATE INDEX ix_events_case_id ON events (case_id);
CREATE INDEX sightings_by_time ON sightings (indicator, at);
CREATE INDEX sightings_by_message ON sightings (message_id);
CREATE INDEX ix_outward_uses_decision ON outward_uses (decision);
CREATE INDEX ix_appeals_case_id ON appeals (case_id);
CREATE INDEX ix_blind_reviews_person ON blind_reviews (person);
CREATE INDEX ix_blind_reviews_case_id ON blind_reviews (case_id);
CREATE INDEX marks_by_id ON marks (id);
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
COMMIT;
