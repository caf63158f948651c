//! Why a grid is invalid.

/// The most members a grid may have: more than a sensible sweep has, fewer than a typing error can make.
pub const MAX_MEMBERS: usize = 10_000;

/// Why the fields and values make no grid.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VaryError {
    /// Not a field and its values.
    #[error("{text:?} is no field with values; write it as learning_rate=0.001,0.003")]
    Syntax {
        /// What was written.
        text: String,
    },
    /// Not a field and its value.
    #[error("{text:?} is no field with a value; write it as learning_rate=0.001")]
    SingleSyntax {
        /// What was written.
        text: String,
    },
    /// A value is missing.
    #[error("{key}: value {position} is empty; write the values as {key}=A,B with nothing missing")]
    EmptyValue {
        /// The field.
        key: String,
        /// Which value, from 1.
        position: usize,
    },
    /// A value is given twice.
    #[error("{key}: {value} stands there twice; every value is trained once (--seeds repeats it)")]
    SameValue {
        /// The field.
        key: String,
        /// The value.
        value: String,
    },
    /// A field is given twice.
    #[error("{key} is varied twice; give all its values at once: {key}=A,B")]
    SameKey {
        /// The field.
        key: String,
    },
    /// A field is given twice, under two names.
    #[error("{first} and {second} set the same field; vary one of them")]
    SameField {
        /// One name.
        first: String,
        /// The other.
        second: String,
    },
    /// No field has this name.
    #[error("{key}: there is no such field; what can be varied is {known}")]
    UnknownKey {
        /// The name.
        key: String,
        /// The names there are.
        known: String,
    },
    /// The network has no layer of the kind.
    #[error("{key}: the network has no {kind} layer; add one to the spec, or vary something else")]
    NoSuchLayer {
        /// The name that was given.
        key: String,
        /// The kind of layer it stands for.
        kind: &'static str,
    },
    /// More than one field has this name.
    #[error("{key}: there is more than one; say which: {candidates}")]
    Ambiguous {
        /// The name.
        key: String,
        /// The paths to the fields.
        candidates: String,
    },
    /// A field that all members share.
    #[error("{key}: cannot be varied: {reason}")]
    Fixed {
        /// The field.
        key: String,
        /// Why, and what to do instead.
        reason: &'static str,
    },
    /// A variant that does not exist.
    #[error("{key}: there is no {value:?}; there are {names}")]
    UnknownChoice {
        /// The field.
        key: String,
        /// What was written.
        value: String,
        /// The variants there are.
        names: String,
    },
    /// A combination of values that is no valid spec.
    #[error("{values}: {reason}")]
    Member {
        /// The values of the member.
        values: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Two combinations of values that make the same spec.
    #[error("{first} and {second} are the same spec; every member must be another one")]
    SameMember {
        /// One member's values.
        first: String,
        /// The other's.
        second: String,
    },
    /// A range that is none.
    #[error(
        "{key}: {text:?} is no range: {reason}; write it as {key}=1e-4..1e-1:log or {key}=8..64:int"
    )]
    Range {
        /// The field.
        key: String,
        /// What was written.
        text: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A range beside other values.
    #[error("{key}: a range stands alone; give either {text} or a list of values")]
    RangeInList {
        /// The field.
        key: String,
        /// The range.
        text: String,
    },
    /// A range in a grid.
    #[error("{key}: from the range {text} values are drawn: say how many with --trials N")]
    RangeInGrid {
        /// The field.
        key: String,
        /// The range.
        text: String,
    },
    /// Nothing to draw values for.
    #[error("--trials draws values of the fields that --vary names: give one to {most} of them")]
    NothingToDraw {
        /// The most fields.
        most: usize,
    },
    /// Not enough different combinations.
    #[error(
        "there are only {found} different combinations, not {wanted}; lower --trials, or leave it out for all of them"
    )]
    TooFewCombinations {
        /// How many there are.
        found: usize,
        /// How many were asked for.
        wanted: usize,
    },
    /// Too large a grid.
    #[error("the grid has {members} members; at most {MAX_MEMBERS} are allowed, so vary less")]
    TooMany {
        /// How many it would have.
        members: u128,
    },
    /// There are not that many seeds.
    #[error("there are no {seeds} seeds from {first} on; lower the spec's seed")]
    Seeds {
        /// How many were asked for.
        seeds: usize,
        /// The first.
        first: u64,
    },
}
