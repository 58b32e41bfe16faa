use super::*;
use crate::{
    auth::{Job, Permit, RecordRef},
    tests::Fixture,
    platform::{checkpoint::checkpoint, event::Event},
};

/// Three records whose chains grow in turn: five links each.
async fn story(fixture: &Fixture) -> [RecordRef; 3] {
    let records = [1_u128, 2, 3].map(|key| RecordRef { kind: "agreement", id: Uuid::from_u128(key) });
    for round in 0..5 {
        for record in records {
            happen(fixture, record, round).await;
        }
    }
    records
}

async fn happen(fixture: &Fixture, record: RecordRef, round: i32) {
    let written = fixture.db().write(move |tx| async move {
        let write = tx.under(Permit::system(Job::Notify, record));
        write.emit(Event::new("SomethingHappened").with("round", round)).await
    });
    written.await.unwrap();
}

async fn row(fixture: &Fixture, record: RecordRef, link: i32) -> event::Model {
    let rows = event::Entity::find().all(fixture.db().reader()).await.unwrap();
    rows.into_iter().find(|row| row.record_id == record.id && row.link == link).unwrap()
}

/// A key as SQLite keeps it: 16 bytes.
fn key(key: Uuid) -> String {
    format!("x'{}'", key.simple())
}

fn name(record: RecordRef) -> String {
    id::show(record.kind, record.id)
}

#[tokio::test]
async fn an_untouched_trail_is_whole() {
    let fixture = Fixture::new().await;
    assert_eq!(verify(fixture.db()).await.unwrap(), []);
    assert_eq!(checkpoint(fixture.db()).await.unwrap(), None);
    let records = story(&fixture).await;
    let first = checkpoint(fixture.db()).await.unwrap().unwrap();
    assert_eq!(first.events, 15);
    assert_eq!(checkpoint(fixture.db()).await.unwrap(), None);
    happen(&fixture, records[0], 6).await;
    assert_eq!(verify(fixture.db()).await.unwrap(), []);
    assert_eq!(checkpoint(fixture.db()).await.unwrap().unwrap().events, 16);
    assert_eq!(verify(fixture.db()).await.unwrap(), []);
}

#[tokio::test]
async fn an_altered_row_is_named() {
    let fixture = Fixture::new().await;
    let [_, record, _] = story(&fixture).await;
    let event = row(&fixture, record, 3).await.id;
    assert_eq!(fixture.tamper(&format!("UPDATE event SET data = '{{}}' WHERE id = {}", key(event))).await, 1);
    assert_eq!(verify(fixture.db()).await.unwrap(), [Finding::Altered { event, record: name(record), link: 3 }]);
}

#[tokio::test]
async fn a_row_that_was_rewritten_with_its_hash_is_named() {
    let fixture = Fixture::new().await;
    let [record, ..] = story(&fixture).await;
    for link in [3, 5] {
        let mut changed = row(&fixture, record, link).await;
        changed.action = "agreement.sign".to_owned();
        let hash = hash(&changed).unwrap();
        let sql = format!("UPDATE event SET action = 'agreement.sign', hash = '{hash}' WHERE id = {}", key(changed.id));
        assert_eq!(fixture.tamper(&sql).await, 1);
    }
    let follower = row(&fixture, record, 4).await.id;
    let last = row(&fixture, record, 5).await.id;
    assert_eq!(
        verify(fixture.db()).await.unwrap(),
        [
            Finding::Unlinked { event: follower, record: name(record), link: 4 },
            Finding::Head { record: name(record), event: last },
        ]
    );
}

#[tokio::test]
async fn rows_taken_out_are_counted() {
    let fixture = Fixture::new().await;
    let [first, second, third] = story(&fixture).await;
    fixture.tamper(&format!("DELETE FROM event WHERE record_id = {} AND link IN (2, 3)", key(first.id))).await;
    fixture.tamper(&format!("DELETE FROM event WHERE record_id = {} AND link = 1", key(second.id))).await;
    fixture.tamper(&format!("DELETE FROM event WHERE record_id = {} AND link > 3", key(third.id))).await;
    assert_eq!(
        verify(fixture.db()).await.unwrap(),
        [
            Finding::Missing { record: name(first), from: 2, to: 3 },
            Finding::Missing { record: name(second), from: 1, to: 1 },
            Finding::Cut { record: name(third), kept: 3, length: 5 },
        ]
    );
}

#[tokio::test]
async fn a_missing_chain_and_a_missing_head_are_told_apart() {
    let fixture = Fixture::new().await;
    let [first, second, _] = story(&fixture).await;
    fixture.tamper(&format!("DELETE FROM event WHERE record_id = {}", key(first.id))).await;
    fixture.tamper(&format!("DELETE FROM event_head WHERE record_id = {}", key(second.id))).await;
    assert_eq!(
        verify(fixture.db()).await.unwrap(),
        [Finding::Headless { record: name(second) }, Finding::Gone { record: name(first), length: 5 }]
    );
}

#[tokio::test]
async fn a_checkpoint_shows_who_removed_a_chain_with_its_head() {
    let fixture = Fixture::new().await;
    let [first, second, _] = story(&fixture).await;
    let early = checkpoint(fixture.db()).await.unwrap().unwrap();
    happen(&fixture, first, 6).await;
    checkpoint(fixture.db()).await.unwrap().unwrap();
    for table in ["event", "event_head"] {
        fixture.tamper(&format!("DELETE FROM {table} WHERE record_id = {}", key(second.id))).await;
    }
    // The later checkpoint begins with the hash of the early one and still matches what came after.
    assert_eq!(
        verify(fixture.db()).await.unwrap(),
        [Finding::Checkpoint { id: early.id, at: early.at, events: 15, found: 10 }]
    );
}

#[tokio::test]
async fn a_checkpoint_shows_who_rewrote_a_whole_chain() {
    let fixture = Fixture::new().await;
    let [_, _, record] = story(&fixture).await;
    let sealed = checkpoint(fixture.db()).await.unwrap().unwrap();
    let mut previous = GENESIS.to_owned();
    for link in 1..=5 {
        let mut changed = row(&fixture, record, link).await;
        changed.role = Some("COUNTY_ADMIN".to_owned());
        changed.previous_hash = previous;
        previous = hash(&changed).unwrap();
        let sql = format!(
            "UPDATE event SET role = 'COUNTY_ADMIN', previous_hash = '{}', hash = '{previous}' WHERE id = {}",
            changed.previous_hash,
            key(changed.id)
        );
        fixture.tamper(&sql).await;
    }
    fixture.tamper(&format!("UPDATE event_head SET hash = '{previous}' WHERE record_id = {}", key(record.id))).await;
    assert_eq!(
        verify(fixture.db()).await.unwrap(),
        [Finding::Checkpoint { id: sealed.id, at: sealed.at, events: 15, found: 15 }]
    );
}

#[tokio::test]
async fn a_checkpoint_that_was_changed_or_left_out_shows() {
    let fixture = Fixture::new().await;
    let [record, ..] = story(&fixture).await;
    let first = checkpoint(fixture.db()).await.unwrap().unwrap();
    happen(&fixture, record, 6).await;
    let second = checkpoint(fixture.db()).await.unwrap().unwrap();
    fixture.tamper(&format!("UPDATE event_checkpoint SET events = 14 WHERE id = {}", key(first.id))).await;
    let told: Vec<Uuid> = verify(fixture.db()).await.unwrap().iter().map(checkpoint_of).collect();
    assert_eq!(told, [first.id, second.id]);
    fixture.tamper(&format!("DELETE FROM event_checkpoint WHERE id = {}", key(first.id))).await;
    assert_eq!(
        verify(fixture.db()).await.unwrap(),
        [Finding::Checkpoint { id: second.id, at: second.at, events: 16, found: 16 }]
    );
}

fn checkpoint_of(finding: &Finding) -> Uuid {
    let Finding::Checkpoint { id, .. } = finding else { panic!("{finding}") };
    *id
}

#[tokio::test]
async fn a_row_that_cannot_be_read_is_told() {
    let fixture = Fixture::new().await;
    let [record, ..] = story(&fixture).await;
    let event = row(&fixture, record, 5).await.id;
    fixture.tamper(&format!("UPDATE event SET at = 'yesterday' WHERE id = {}", key(event))).await;
    assert_eq!(
        verify(fixture.db()).await.unwrap(),
        [Finding::Unreadable { event: Some(event) }, Finding::Cut { record: name(record), kept: 4, length: 5 },]
    );
}

#[tokio::test]
async fn several_servers_seal_one_stretch_once() {
    let fixture = Fixture::new().await;
    story(&fixture).await;
    let sealed = futures_util::future::join_all((0..8).map(|_| checkpoint(fixture.db()))).await;
    assert_eq!(sealed.into_iter().filter(|sealed| sealed.as_ref().unwrap().is_some()).count(), 1);
    assert_eq!(verify(fixture.db()).await.unwrap(), []);
}
