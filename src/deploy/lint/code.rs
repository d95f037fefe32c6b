//! The codes of lint: `W08…` is checked on this host, `W09…` by `--reach`.

use crate::domain::Severity;
use crate::i18n::Text;

/// Declares the codes, each with its severity, its explanation and its remedy.
macro_rules! lint_codes {
    ($($code:ident $severity:ident $means:expr, $next:expr;)+) => {
        /// A stable code. `docs/codes/CODE.md` documents it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum LintCode {
            $(#[doc = concat!("`", stringify!($code), "`.")] $code,)+
        }

        impl LintCode {
            /// Every code, sorted.
            pub const ALL: &[Self] = &[$(Self::$code,)+];

            /// The code as it is written.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$code => stringify!($code),)+
                }
            }

            /// The severity of its findings.
            pub fn severity(self) -> Severity {
                match self {
                    $(Self::$code => Severity::$severity,)+
                }
            }

            /// What it means.
            pub fn explanation(self) -> Text {
                match self {
                    $(Self::$code => $means,)+
                }
            }

            /// What to do about it.
            pub fn remedy(self) -> Text {
                match self {
                    $(Self::$code => $next,)+
                }
            }
        }
    };
}

lint_codes! {
    W0801 Error Text::new("env-w0801-means"), Text::new("env-w0801-next");
    W0802 Warning Text::new("env-w0802-means"), Text::new("env-w0802-next");
    W0803 Info Text::new("env-w0803-means"), Text::new("env-w0803-next");
    W0804 Error Text::new("env-w0804-means"), Text::new("env-w0804-next");
    W0805 Error Text::new("env-w0805-means"), Text::new("env-w0805-next");
    W0806 Error Text::new("env-w0806-means"), Text::new("env-w0806-next");
    W0807 Info Text::new("env-w0807-means"), Text::new("env-w0807-next");
    W0808 Error Text::new("env-w0808-means"), Text::new("env-w0808-next");
    W0809 Error Text::new("env-w0809-means"), Text::new("env-w0809-next");
    W0810 Error Text::new("env-w0810-means"), Text::new("env-w0810-next");
    W0811 Error Text::new("env-w0811-means"), Text::new("env-w0811-next");
    W0812 Error Text::new("env-w0812-means"), Text::new("env-w0812-next");
    W0813 Error Text::new("env-w0813-means"), Text::new("env-w0813-next");
    W0814 Warning Text::new("env-w0814-means"), Text::new("env-w0814-next");
    W0815 Warning Text::new("env-w0815-means"), Text::new("env-w0815-next");
    W0816 Error Text::new("env-w0816-means"), Text::new("env-w0816-next");
    W0817 Info Text::new("env-w0817-means"), Text::new("env-w0817-next");
    W0818 Error Text::new("env-w0818-means"), Text::new("env-w0818-next");
    W0819 Error Text::new("env-w0819-means"), Text::new("env-w0819-next");
    W0820 Error Text::new("env-w0820-means"), Text::new("env-w0820-next");
    W0821 Error Text::new("env-w0821-means"), Text::new("env-w0821-next");
    W0822 Warning Text::new("env-w0822-means"), Text::new("env-w0822-next");
    W0823 Warning Text::new("env-w0823-means"), Text::new("env-w0823-next");
    W0824 Warning Text::new("env-w0824-means"), Text::new("env-w0824-next");
    W0825 Warning Text::new("env-w0825-means"), Text::new("env-w0825-next");
    W0826 Error Text::new("env-w0826-means"), Text::new("env-w0826-next");
    W0827 Warning Text::new("env-w0827-means"), Text::new("env-w0827-next");
    W0828 Error Text::new("env-w0828-means"), Text::new("env-w0828-next");
    W0829 Warning Text::new("env-w0829-means"), Text::new("env-w0829-next");
    W0830 Warning Text::new("env-w0830-means"), Text::new("env-w0830-next");
    W0831 Info Text::new("env-w0831-means"), Text::new("env-w0831-next");
    W0832 Warning Text::new("env-w0832-means"), Text::new("env-w0832-next");
    W0833 Warning Text::new("env-w0833-means"), Text::new("env-w0833-next");
    W0834 Info Text::new("env-w0834-means"), Text::new("env-w0834-next");
    W0835 Error Text::new("env-w0835-means"), Text::new("env-w0835-next");
    W0836 Warning Text::new("env-w0836-means"), Text::new("env-w0836-next");
    W0901 Error Text::new("env-w0901-means"), Text::new("env-w0901-next");
    W0902 Error Text::new("env-w0902-means"), Text::new("env-w0902-next");
    W0903 Error Text::new("env-w0903-means"), Text::new("env-w0903-next");
    W0904 Error Text::new("env-w0904-means"), Text::new("env-w0904-next");
    W0905 Error Text::new("env-w0905-means"), Text::new("env-w0905-next");
    W0906 Error Text::new("env-w0906-means"), Text::new("env-w0906-next");
    W0907 Error Text::new("env-w0907-means"), Text::new("env-w0907-next");
    W0908 Info Text::new("env-w0908-means"), Text::new("env-w0908-next");
    W0909 Warning Text::new("env-w0909-means"), Text::new("env-w0909-next");
    W0910 Warning Text::new("env-w0910-means"), Text::new("env-w0910-next");
    W0911 Error Text::new("env-w0911-means"), Text::new("env-w0911-next");
}

impl LintCode {
    /// Reads a code, in upper or lower case.
    pub fn parse(typed: &str) -> Option<Self> {
        let is_typed = |code: &&Self| code.as_str().eq_ignore_ascii_case(typed.trim());
        Self::ALL.iter().find(is_typed).copied()
    }
}

impl std::fmt::Display for LintCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}
