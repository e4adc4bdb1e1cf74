//! The macro that declares operations, and what its expansion calls.

use super::ReadError;
use crate::lenient;
use http::request::Parts;
use serde::de::DeserializeOwned;

/// The path's values; NUL is in no name, and PostgreSQL cannot be asked for it.
pub fn segments(path: Vec<String>) -> Result<std::vec::IntoIter<String>, ReadError> {
    if path.iter().any(|value| value.contains('\0')) { Err(ReadError::Path) } else { Ok(path.into_iter()) }
}

/// Reads a query string.
pub fn read_query<T: DeserializeOwned>(parts: &Parts) -> Result<T, ReadError> {
    lenient::read_query(parts.uri.query().unwrap_or_default()).map_err(ReadError::Query)
}

/// `no-cache` for a GET, nothing for the rest, unless the row says otherwise.
pub const fn default_cache(method: &str) -> &'static str {
    if matches!(method.as_bytes(), b"GET") { "no-cache" } else { "" }
}

/// Fails the build when a path's `{placeholders}` and its parameter list differ.
pub const fn check_path(path: &str, params: &[&str]) {
    let p = path.as_bytes();
    let (mut i, mut n) = (0, 0);
    while i < p.len() {
        if p[i] == b'{' {
            assert!(n < params.len(), "the path has a placeholder that is not a parameter");
            let name = params[n].as_bytes();
            let start = if p[i + 1] == b'*' { i + 2 } else { i + 1 };
            let mut k = 0;
            while k < name.len() {
                assert!(p[start + k] == name[k], "parameters must be in path order");
                k += 1;
            }
            assert!(p[start + k] == b'}', "parameters must be in path order");
            n += 1;
        }
        i += 1;
    }
    assert!(n == params.len(), "a parameter is missing from the path");
}

/// A row's path: a literal, or literals in parentheses that are joined (a table used on several prefixes).
#[doc(hidden)]
#[macro_export]
macro_rules! path {
    ($path:literal) => { $path };
    (($($part:literal)+)) => { concat!($($part),+) };
}

/// The rows' cache rule: what the row says, or the default of its verb.
#[doc(hidden)]
#[macro_export]
macro_rules! cache {
    ($method:ident) => {
        $crate::endpoint::default_cache(stringify!($method))
    };
    ($method:ident $cache:literal) => {
        $cache
    };
}

/// What only a server needs of a table: nothing is compiled of it without the feature `server`.
#[cfg(feature = "server")]
#[doc(hidden)]
#[macro_export]
macro_rules! served { ($($half:tt)*) => { $($half)* }; }

#[cfg(not(feature = "server"))]
#[doc(hidden)]
#[macro_export]
macro_rules! served {
    ($($half:tt)*) => {};
}

/// How a client's method takes a body: text as `&str`, anything else by reference.
#[doc(hidden)]
#[macro_export]
macro_rules! given {
    (text $t:ty) => {
        &str
    };
    (quoted $t:ty) => {
        &str
    };
    ($kind:ident $t:ty) => {
        &$t
    };
}

/// Declares a group of operations: documentation, name and parameters of the group, then a row per operation.
///
/// ```
/// # use cloakroom_api::endpoint::{Created, Json};
/// # #[derive(Debug, serde::Serialize, serde::Deserialize)] pub struct Lamp { on: bool }
/// cloakroom_api::endpoints! {
///     /// The lamps of a room.
///     Lamps(room)
///
///     /// Adds a lamp.
///     POST "/rooms/{room}/lamps"
///     fn create(body: Lamp) -> Created;
///
///     /// Gets a lamp.
///     GET "/rooms/{room}/lamps/{id}"
///     fn get(id) -> Json<Lamp>;
///
///     /// Throws a lamp away; no answer named is `204 No Content`, and `cache` replaces the verb's default.
///     DELETE "/rooms/{room}/lamps/{id}"
///     fn delete(id), cache: "no-cache";
/// }
/// # fn main() {}
/// ```
///
/// Arguments: path parameters by name (`{*rest}` in the path takes several segments), `query: T`, and one of `body: T` (JSON),
/// `optional: Option<T>`, `form: Form`, `text: String`, `quoted: String`, `multipart: Content`, `any: Content`. A path in parentheses is
/// joined from literals.
/// A list whose query has `first` and `max` gets a second method with `pages: list_all`: all of it, page by page
/// ([`Pages`](crate::endpoint::Pages)).
#[macro_export]
macro_rules! endpoints {
    ( $(#[doc = $gdoc:literal])* $Group:ident $gps:tt
      $( $(#[doc = $doc:literal])* $method:ident $path:tt fn $name:ident ( $($args:tt)* ) $(-> $reply:ty)? $(, cache: $cache:literal)? $(, pages: $all:ident)? ; )+
    ) => {
        $crate::endpoints!{ @group [$(#[doc = $gdoc])*] $Group $gps }
        /// The operations of this group.
        pub const ALL: &[$crate::endpoint::Operation] = &[ $( $crate::endpoint::Operation {
            name: concat!(stringify!($Group), "::", stringify!($name)), method: stringify!($method), path: $crate::path!($path),
            cache: $crate::cache!($method $($cache)?),
        } ),+ ];
        $( $crate::endpoints!{ @args $Group $gps [$(#[doc = $doc])*] $method $path $name [] [] [] ($($reply)?) [$($cache)?] [$($all)?] ; $($args)* } )+
    };
    (@group [$(#[$d:meta])*] $Group:ident ( $($gp:ident),* )) => {
        $(#[$d])*
        #[derive(Debug)]
        pub struct $Group<'a, C> { transport: &'a C, $($gp: &'a str),* }
        impl<'a, C> $Group<'a, C> {
            /// The group as seen through a client.
            pub fn new(transport: &'a C, $($gp: &'a str),*) -> Self { Self { transport, $($gp),* } }
            /// The client it is seen through.
            pub fn client(&self) -> &'a C { self.transport }
            /// The same group through another client.
            pub fn through<'b, D>(&self, client: &'b D) -> $Group<'b, D> where 'a: 'b { $Group::new(client, $(self.$gp),*) }
        }
        impl<C> Clone for $Group<'_, C> { fn clone(&self) -> Self { *self } }
        impl<C> Copy for $Group<'_, C> {}
    };
    // sort the arguments into path parameters, the query and the body
    (@args $G:ident $gp:tt $d:tt $m:ident $p:tt $n:ident $ps:tt $q:tt $b:tt $r:tt $c:tt $l:tt ; query: $t:ty $(, $($rest:tt)*)?) =>
        { $crate::endpoints!{ @args $G $gp $d $m $p $n $ps [$t] $b $r $c $l ; $($($rest)*)? } };
    (@args $G:ident $gp:tt $d:tt $m:ident $p:tt $n:ident $ps:tt $q:tt $b:tt $r:tt $c:tt $l:tt ; $kind:ident : $t:ty $(, $($rest:tt)*)?) =>
        { $crate::endpoints!{ @args $G $gp $d $m $p $n $ps $q [$kind $t] $r $c $l ; $($($rest)*)? } };
    (@args $G:ident $gp:tt $d:tt $m:ident $p:tt $n:ident [$($ps:ident)*] $q:tt $b:tt $r:tt $c:tt $l:tt ; $x:ident $(, $($rest:tt)*)?) =>
        { $crate::endpoints!{ @args $G $gp $d $m $p $n [$($ps)* $x] $q $b $r $c $l ; $($($rest)*)? } };
    (@args $G:ident $gp:tt $d:tt $m:ident $p:tt $n:ident $ps:tt $q:tt $b:tt () $c:tt $l:tt ; ) =>
        { $crate::endpoints!{ @args $G $gp $d $m $p $n $ps $q $b (()) $c $l ; } };
    (@args $Group:ident ($($gp:ident),*) [$(#[$d:meta])*] $method:ident $path:tt $name:ident [$($p:ident)*] [$($q:ty)?] [$($kind:ident $b:ty)?] ($reply:ty) [$($cache:literal)?] $l:tt ; ) => {
        const _: () = $crate::endpoint::check_path($crate::path!($path), &[$(stringify!($gp),)* $(stringify!($p),)*]);
        $crate::served! { $(#[$d])*
        pub mod $name {
            #[allow(unused_imports)]
            use super::*;
            #[doc = concat!("What `", stringify!($method), " ", $crate::path!($path), "` is asked with.")]
            #[derive(Debug)]
            pub struct Request {
                $(#[doc = concat!("`{", stringify!($gp), "}` of the path.")] pub $gp: String,)*
                $(#[doc = concat!("`{", stringify!($p), "}` of the path.")] pub $p: String,)*
                $(#[doc = "The query."] pub query: $q,)?
                $(#[doc = "The body."] pub $kind: $b,)?
            }
            impl $crate::endpoint::Endpoint for Request {
                const NAME: &'static str = concat!(stringify!($Group), "::", stringify!($name));
                const METHOD: $crate::http::Method = $crate::http::Method::$method;
                const PATH: &'static str = $crate::path!($path);
                const CACHE: &'static str = $crate::cache!($method $($cache)?);
                type Reply = $reply;
                #[allow(unused_variables, unused_mut)]
                fn read(incoming: $crate::endpoint::Incoming<'_>) -> Result<Self, $crate::endpoint::ReadError> {
                    let $crate::endpoint::Incoming { parts, path, body } = incoming;
                    let mut path = $crate::endpoint::segments(path)?;
                    Ok(Self {
                        $($gp: path.next().ok_or($crate::endpoint::ReadError::Path)?,)*
                        $($p: path.next().ok_or($crate::endpoint::ReadError::Path)?,)*
                        $(query: $crate::endpoint::read_query::<$q>(parts)?,)?
                        $($kind: $crate::endpoint::payload::$kind::read::<$b>(parts, body)?,)?
                    })
                }
            }
        } }
        impl<'a, C: $crate::endpoint::Transport> $Group<'a, C> {
            $(#[$d])*
            #[doc = concat!("\n\n`", stringify!($method), " ", $crate::path!($path), "`")]
            #[allow(clippy::ptr_arg)] // a body may be a list
            pub fn $name(&self, $($p: &str,)* $(query: &$q,)? $($kind: $crate::given!($kind $b),)?) -> C::Out<'a, $reply> {
                let call = $crate::endpoint::Call::new(
                    concat!(stringify!($Group), "::", stringify!($name)), $crate::http::Method::$method,
                    <$reply as $crate::endpoint::Reply>::ACCEPT, $crate::path!($path),
                    &[$((stringify!($gp), self.$gp),)* $((stringify!($p), $p),)*],
                );
                self.transport.send(call $(.query::<$q>(query))? $(.payload($crate::endpoint::payload::$kind::write($kind)))?)
            }
        }
        $crate::endpoints!{ @pages $Group ($($gp),*) $method $path $name [$($p)*] [$($q)?] ($reply) $l }
    };
    (@pages $G:ident $gp:tt $m:ident $path:tt $n:ident $ps:tt $q:tt $r:tt []) => {};
    (@pages $Group:ident ($($gp:ident),*) $method:ident $path:tt $name:ident [$($p:ident)*] [$q:ty] ($reply:ty) [$all:ident]) => {
        impl<'a, C: $crate::endpoint::Pages> $Group<'a, C> {
            #[doc = concat!("All that [`", stringify!($name), "`](Self::", stringify!($name), ") lists, page by page: a stream, \
                or an iterator without `async`. `first` says where to begin, `max` how many to stop after.")]
            pub fn $all(&self, $($p: &str,)* query: &$q) -> C::All<<$reply as $crate::endpoint::List>::Item> {
                let call = $crate::endpoint::Call::new(
                    concat!(stringify!($Group), "::", stringify!($name)), $crate::http::Method::$method,
                    <$reply as $crate::endpoint::Reply>::ACCEPT, $crate::path!($path),
                    &[$((stringify!($gp), self.$gp),)* $((stringify!($p), $p),)*],
                );
                self.transport.all::<$reply>(call.query::<$q>(query))
            }
        }
    };
}
