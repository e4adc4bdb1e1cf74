//! The macro that declares representations: the JSON bodies of the APIs.

/// Declares structs that cross the wire. Every field is an `Option`, left out when `None`; names are camelCase,
/// or as written after `in snake_case;`.
///
/// The text after `=` is the name of Keycloak's own class. It travels as serde's name of the struct, so that
/// [`lenient`](crate::lenient) can say in Keycloak's words which representation does not know a field.
macro_rules! representations {
    (in snake_case; $($structs:tt)+) => { representations! { @all "snake_case" $($structs)+ } };
    (@all $case:literal $(
        $(#[$meta:meta])*
        pub struct $Name:ident $(= $java:literal)? { $( $(#[$field_meta:meta])* pub $field:ident: $kind:ty, )* }
    )+) => { $(
        $(#[$meta])*
        #[derive(Debug, Clone, Default, PartialEq, ::serde::Serialize, ::serde::Deserialize)]
        #[serde(rename_all = $case, default)]
        $( #[serde(rename = $java)] )?
        pub struct $Name {
            $( $(#[$field_meta])* #[serde(skip_serializing_if = "Option::is_none")] pub $field: $kind, )*
        }
    )+ };
    ($($structs:tt)+) => { representations! { @all "camelCase" $($structs)+ } };
}
pub(crate) use representations;
