//! Statements with named parameters, as `PostgreSQL` takes them: by number.

use std::error::Error;

use bytes::BytesMut;
use tokio_postgres::types::{IsNull, ToSql, Type, to_sql_checked};

use super::{Failure, Prepared};
use crate::log::sql::db::{Param, Value};

/// Writes `$1` for the first parameter's name, and so on; a name that comes back keeps its number.
pub(super) fn numbered(sql: &str) -> (String, Vec<String>) {
    let mut names: Vec<String> = Vec::new();
    let mut out = String::with_capacity(sql.len());
    let mut rest = sql;
    while let Some(at) = rest.find(':') {
        out.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let end = after
            .find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
            .unwrap_or(after.len());
        let name = &after[..end];
        let place = names.iter().position(|known| known == name).unwrap_or_else(|| {
            names.push(name.to_owned());
            names.len() - 1
        });
        out.push('$');
        out.push_str(&(place + 1).to_string());
        rest = &after[end..];
    }
    out.push_str(rest);
    (out, names)
}

impl Prepared {
    /// The parameters in the statement's order.
    pub(super) fn values<'a>(
        &self,
        params: &'a [Param<'a>],
    ) -> Result<Vec<&'a (dyn ToSql + Sync)>, Failure> {
        self.names
            .iter()
            .map(|name| {
                let found = params.iter().find(|(given, _)| given.strip_prefix(':') == Some(name));
                found.map(|(_, value)| value as &(dyn ToSql + Sync)).ok_or(Failure::Parameter)
            })
            .collect()
    }
}

impl ToSql for Value<'_> {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Value::Null => Ok(IsNull::Yes),
            Value::Int(number) if *kind == Type::INT4 => i32::try_from(*number)?.to_sql(kind, out),
            Value::Int(number) => number.to_sql(kind, out),
            Value::Text(text) => text.to_sql(kind, out),
            Value::Blob(bytes) => bytes.to_sql(kind, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

#[cfg(test)]
mod tests {
    use super::numbered;

    #[test]
    fn a_name_keeps_its_number() {
        let (sql, names) = numbered("a = :one AND b > :two_2 OR c = :one)");
        assert_eq!(sql, "a = $1 AND b > $2 OR c = $1)");
        assert_eq!(names, ["one", "two_2"]);
        assert_eq!(numbered("SELECT 1"), ("SELECT 1".to_owned(), Vec::new()));
    }
}
