//! What the name of a settings module, of a class or of a section says it is for.

use super::guards::is_for_tests;

/// What the last part of a name says it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    Production,
    Staging,
    Test,
    Developers,
    Unsaid,
}

impl Purpose {
    pub(super) fn of(module: &str) -> Self {
        let last = module.rsplit('.').next().unwrap_or(module);
        let last = last.to_ascii_lowercase();
        let purposes: Vec<Self> = last
            .split(['_', '-'])
            .filter_map(|word| match word {
                "production" | "prod" | "prd" | "live" => Some(Self::Production),
                "staging" | "stage" | "stag" | "stg" | "preprod" | "uat" => Some(Self::Staging),
                "local" | "dev" | "devel" | "develop" | "development" | "debug" => {
                    Some(Self::Developers)
                }
                _ => None,
            })
            .collect();
        match purposes.as_slice() {
            [] if is_for_tests(&last) => Self::Test,
            [purpose] => *purpose,
            _ => Self::Unsaid,
        }
    }
}
