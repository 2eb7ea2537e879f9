//! What stands around every page: the band at the top, the languages, the addresses of assets.

use wijkboek_model::{Label, Lang};

use super::visitor::Visitor;
use super::{assets, language};

/// Which entry of the main menu is the current page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Here {
    Log,
    Map,
    Elsewhere,
}

/// The data of `base.html`.
pub(super) struct Chrome {
    lang: Lang,
    here: Here,
    pub(super) user: Option<User>,
    pub(super) municipality: Option<String>,
    pub(super) other_language_href: String,
}

/// Who is logged in.
pub(super) struct User {
    pub(super) name: String,
    pub(super) role: &'static str,
}

impl Chrome {
    pub(super) fn new(visitor: &Visitor, here: Here, municipality: Option<String>) -> Self {
        let lang = visitor.lang;
        let other = match lang {
            Lang::Nl => Lang::En,
            Lang::En => Lang::Nl,
        };
        Self {
            lang,
            here,
            user: visitor.known_staff().map(|staff| User {
                name: staff.name.clone(),
                role: staff.principal.role.label(lang),
            }),
            municipality,
            other_language_href: language::switched(&visitor.path, visitor.query.as_deref(), other),
        }
    }

    pub(super) fn lang_code(&self) -> &'static str {
        self.lang.as_str()
    }

    pub(super) fn is_log(&self) -> bool {
        self.here == Here::Log
    }

    pub(super) fn is_map(&self) -> bool {
        self.here == Here::Map
    }

    /// The address of an asset, which changes with its content.
    #[expect(clippy::unused_self, reason = "templates reach it through the data of the page")]
    pub(super) fn asset(&self, path: &str) -> String {
        assets::href(path)
    }
}
