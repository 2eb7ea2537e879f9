//! placeholder
/// x
pub enum Lang {
    /// nl
    Nl,
    /// en
    En,
}
/// x
pub trait Label {
    /// x
    fn label(&self, lang: Lang) -> &'static str;
}
