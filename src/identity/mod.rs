pub mod keys;
pub mod tokens;
pub mod limits;
