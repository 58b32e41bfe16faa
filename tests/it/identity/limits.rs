//! How often somebody may fail.

use chrono::TimeDelta;
use hezuo::error::Code;

use crate::support::on_both;

use super::house::{House, PASSWORD, house};

const HOME: &str = "192.0.2.1";
const STRANGER: &str = "198.51.100.7";

impl House {
    async fn code(&self, address: &str, login: &str, password: &str) -> Option<Code> {
        self.try_sign_in(address, login, password).await.err().map(|error| error.code())
    }

    async fn fail(&self, address: &str, login: &str, times: usize) {
        for attempt in 0..times {
            assert_eq!(self.code(address, login, "wrong").await, Some(Code::Unauthenticated), "attempt {attempt}");
        }
    }
}

on_both! {
    async fn a_stranger_locks_out_himself_and_not_the_user(app: TestApp) {
        let house = house(&app).await;
        house.sign_in("uni").await;
        house.fail(STRANGER, "uni", 10).await;
        assert_eq!(house.code(STRANGER, "uni", PASSWORD).await, Some(Code::RateLimited));
        assert_eq!(house.code("203.0.113.9", "uni", PASSWORD).await, Some(Code::RateLimited));
        assert_eq!(house.code("", "uni", PASSWORD).await, Some(Code::RateLimited));
        assert_eq!(house.code(HOME, "uni", PASSWORD).await, None);
        assert_eq!(house.code(STRANGER, "county", PASSWORD).await, None);
        house.later(TimeDelta::minutes(15));
        assert_eq!(house.code(STRANGER, "uni", PASSWORD).await, None);
    }
}

on_both! {
    async fn unknown_accounts_are_limited_alike(app: TestApp) {
        let house = house(&app).await;
        house.fail(STRANGER, "nobody", 10).await;
        assert_eq!(house.code(HOME, "nobody", "wrong").await, Some(Code::RateLimited));
    }
}

on_both! {
    async fn an_address_that_tries_everybody_must_wait(app: TestApp) {
        let house = house(&app).await;
        for account in 0..50 {
            let address = format!("2001:db8:1:2::{account:x}");
            house.fail(&address, &format!("account{account}"), 1).await;
        }
        assert_eq!(house.code("2001:db8:1:2::ffff", "uni", PASSWORD).await, Some(Code::RateLimited));
        assert_eq!(house.code("2001:db8:1:3::1", "uni", PASSWORD).await, None);
        house.later(TimeDelta::minutes(15));
        assert_eq!(house.code("2001:db8:1:2::ffff", "uni", PASSWORD).await, None);
    }
}

on_both! {
    async fn the_database_remembers_neither_address_nor_login(app: TestApp) {
        use sea_orm::{ConnectionTrait, Statement};
        let house = house(&app).await;
        house.sign_in("uni").await;
        house.fail(STRANGER, "uni", 1).await;
        let db = house.app.db().reader();
        for sql in ["SELECT subject AS text FROM sign_in_counter", "SELECT address AS text FROM known_address"] {
            let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
            assert!(!rows.is_empty());
            for row in rows {
                let text: String = row.try_get("", "text").unwrap();
                assert!(!text.contains("uni") && !text.contains("192.0") && !text.contains("198.51"), "{text}");
            }
        }
    }
}
