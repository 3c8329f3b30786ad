//! Tells what a read or a value is for. The function that reads counts most, then the place, then the name, then the value.

use super::context::Context;
use super::model::{Purpose, Role, Server, Told};
use super::reading::Reading;
use super::words::{self, Scheme};

/// What a read is for, by its function, its place and its name. The default tells which server it is.
pub(super) fn told(found: &Reading, context: Option<&Context>, default: Option<&str>) -> Told {
    let named = words::of_name(&found.name);
    let placed = context
        .map(|context| context.told)
        .filter(|told| told.is_address());
    let mut told = match (found.told, placed) {
        (Some(told), placed) => Told {
            purpose: placed.map_or(told.purpose, |placed| placed.purpose),
            server: told.server.or(placed.and_then(|placed| placed.server)),
            ..told
        },
        (None, Some(placed)) => {
            let is_part = context.is_some_and(|context| context.is_part);
            let by_name = named
                .filter(|named| named.is_address())
                .map(|named| named.role);
            let role = match placed.role {
                Role::Hosts | Role::Choice => placed.role,
                _ if is_part => by_name.unwrap_or(Role::Host),
                Role::Other => by_name.unwrap_or(Role::Other),
                role => role,
            };
            Told { role, ..placed }
        }
        (None, None) => named.unwrap_or(Told::new(Purpose::Other, None, Role::Other)),
    };
    told.server = told.server.or(named.and_then(|named| named.server));
    let told = refined(told, default);
    // The value is an option beside the address, as in `"TIMEOUT": env.int("CACHE_TIMEOUT")`.
    if placed.is_some() && told.role == Role::Other {
        return named
            .filter(|named| !named.is_address())
            .unwrap_or(Told::new(Purpose::Other, None, Role::Other));
    }
    told
}

/// Adds what a value itself tells.
pub(super) fn refined(mut told: Told, value: Option<&str>) -> Told {
    let Some(value) = value.filter(|_| told.is_address()) else {
        return told;
    };
    if let Some(scheme) = words::scheme(value) {
        if matches!(
            told.role,
            Role::Host | Role::Address | Role::Hosts | Role::Other
        ) {
            told.role = Role::Url;
        }
        told.server = match scheme {
            Scheme::Of(Server::Sqlite) | Scheme::Other => told.server,
            Scheme::Of(server) => Some(server),
        };
    } else if told.role == Role::Host && words::has_port(value) {
        told.role = Role::Address;
    }
    told
}
