//! What an operation is: one row of an [`endpoints!`](crate::endpoints) table, read by client and server alike.
//!
//! A row names the verb, the path, the arguments and the success answer. From it come a `Request` that the server reads
//! ([`Endpoint`]), a method that a client calls ([`Transport`]), and an entry of the group's `ALL` list.

use crate::lenient::{self, BodyError, QueryError};
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Request, Response, StatusCode, header, request::Parts};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Serialize, de::DeserializeOwned};

/// One operation, for lists: what the spec check and the routing test walk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Operation {
    /// `Group::function`, the name that errors and traces carry.
    pub name: &'static str,
    /// The HTTP verb.
    pub method: &'static str,
    /// The path with its `{placeholders}`.
    pub path: &'static str,
}

/// A request as it arrived: what an [`Endpoint`] is read from.
#[derive(Debug)]
pub struct Incoming<'a> {
    /// Verb, URI and headers.
    pub parts: &'a Parts,
    /// The decoded values of the path's placeholders, in order.
    pub path: Vec<String>,
    /// The whole body.
    pub body: &'a [u8],
}

/// Why a request could not be read. Each kind has an answer of its own in Keycloak.
#[derive(Debug)]
pub enum ReadError {
    /// A path segment that no resource can have.
    Path,
    /// A query parameter of the wrong form: Keycloak answers as if the path did not exist.
    Query(QueryError),
    /// A media type that the operation does not take.
    MediaType,
    /// A body that is not what the operation takes.
    Body(BodyError),
}

/// The server's half: where a request arrives and how it is read.
pub trait Endpoint: Sized + Send + 'static {
    /// `Group::function`.
    const NAME: &'static str;
    /// The HTTP verb.
    const METHOD: Method;
    /// The path with its `{placeholders}`, in axum's syntax.
    const PATH: &'static str;
    /// The `Cache-Control` of a success answer; empty for none.
    const CACHE: &'static str;
    /// The success answer.
    type Reply: Reply;
    /// Reads path, query and body.
    fn read(incoming: Incoming<'_>) -> Result<Self, ReadError>;
}

/// A success answer, in both directions: the status code lives here and nowhere else.
pub trait Reply: 'static {
    /// What the handler returns and the caller gets.
    type Value: Send + 'static;
    /// The `Accept` header that asks for it.
    const ACCEPT: &'static str = "application/json";
    /// Writes the answer.
    fn encode(value: Self::Value) -> Result<Response<Bytes>, serde_json::Error>;
    /// Reads the answer.
    fn decode(response: Response<Bytes>) -> Result<Self::Value, serde_json::Error>;
}

fn empty(status: StatusCode) -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = status;
    response
}

fn with_body(status: StatusCode, content_type: &'static str, body: Bytes) -> Response<Bytes> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

fn locate(response: &mut Response<Bytes>, location: &str) {
    // an id is ASCII and names are percent-encoded, so this fails for no URL that the server makes
    if let Ok(value) = HeaderValue::from_str(location) {
        response.headers_mut().insert(header::LOCATION, value);
    }
}

fn location(response: &Response<Bytes>) -> String {
    response.headers().get(header::LOCATION).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned()
}

/// `204 No Content`.
impl Reply for () {
    type Value = ();
    fn encode((): ()) -> Result<Response<Bytes>, serde_json::Error> {
        Ok(empty(StatusCode::NO_CONTENT))
    }
    fn decode(_: Response<Bytes>) -> Result<(), serde_json::Error> {
        Ok(())
    }
}

/// `201 Created` without a body; the new resource's address is in `Location`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Created {
    /// The absolute address of the new resource.
    pub location: String,
}

impl Created {
    /// The last segment of the address: the new resource's id, or its name for roles.
    pub fn id(&self) -> &str {
        self.location.rsplit('/').next().unwrap_or_default()
    }
}

impl Reply for Created {
    type Value = Self;
    fn encode(value: Self) -> Result<Response<Bytes>, serde_json::Error> {
        let mut response = empty(StatusCode::CREATED);
        locate(&mut response, &value.location);
        Ok(response)
    }
    fn decode(response: Response<Bytes>) -> Result<Self, serde_json::Error> {
        Ok(Created { location: location(&response) })
    }
}

/// `201 Created` for something new, `204 No Content` for `None`: a group that was moved.
impl Reply for Option<Created> {
    type Value = Self;
    fn encode(value: Self) -> Result<Response<Bytes>, serde_json::Error> {
        value.map_or_else(|| <()>::encode(()), Created::encode)
    }
    fn decode(response: Response<Bytes>) -> Result<Self, serde_json::Error> {
        if response.status() == StatusCode::CREATED { Created::decode(response).map(Some) } else { Ok(None) }
    }
}

/// `200 OK` with a JSON body.
pub struct Json<T>(std::marker::PhantomData<T>);

impl<T: Serialize + DeserializeOwned + Send + 'static> Reply for Json<T> {
    type Value = T;
    fn encode(value: T) -> Result<Response<Bytes>, serde_json::Error> {
        Ok(with_body(StatusCode::OK, "application/json", serde_json::to_vec(&value)?.into()))
    }
    fn decode(response: Response<Bytes>) -> Result<T, serde_json::Error> {
        lenient::decode(response.body())
    }
}

/// `200 OK` with a JSON body, or `204 No Content` for `None`.
pub struct JsonOrNone<T>(std::marker::PhantomData<T>);

impl<T: Serialize + DeserializeOwned + Send + 'static> Reply for JsonOrNone<T> {
    type Value = Option<T>;
    fn encode(value: Option<T>) -> Result<Response<Bytes>, serde_json::Error> {
        value.map_or_else(|| <()>::encode(()), Json::<T>::encode)
    }
    fn decode(response: Response<Bytes>) -> Result<Option<T>, serde_json::Error> {
        if response.body().is_empty() { Ok(None) } else { Json::<T>::decode(response).map(Some) }
    }
}

/// `201 Created` with a JSON body.
pub struct CreatedJson<T>(std::marker::PhantomData<T>);

/// The value of a [`CreatedJson`] answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Made<T> {
    /// The absolute address of the new resource; absent where Keycloak sends none.
    pub location: Option<String>,
    /// The new resource.
    pub body: T,
}

impl<T: Serialize + DeserializeOwned + Send + 'static> Reply for CreatedJson<T> {
    type Value = Made<T>;
    fn encode(value: Made<T>) -> Result<Response<Bytes>, serde_json::Error> {
        let mut response = with_body(StatusCode::CREATED, "application/json", serde_json::to_vec(&value.body)?.into());
        if let Some(to) = &value.location {
            locate(&mut response, to);
        }
        Ok(response)
    }
    fn decode(response: Response<Bytes>) -> Result<Made<T>, serde_json::Error> {
        let location = Some(location(&response)).filter(|l| !l.is_empty());
        Ok(Made { location, body: lenient::decode(response.body())? })
    }
}

/// `201 Created` with a body for something new, `204 No Content` for `None`: group children answer so.
pub struct CreatedOrMoved<T>(std::marker::PhantomData<T>);

impl<T: Serialize + DeserializeOwned + Send + 'static> Reply for CreatedOrMoved<T> {
    type Value = Option<Made<T>>;
    fn encode(value: Option<Made<T>>) -> Result<Response<Bytes>, serde_json::Error> {
        // the media type stands there although the body is empty
        let moved = || Ok(with_body(StatusCode::NO_CONTENT, "application/json", Bytes::new()));
        value.map_or_else(moved, CreatedJson::<T>::encode)
    }
    fn decode(response: Response<Bytes>) -> Result<Option<Made<T>>, serde_json::Error> {
        if response.body().is_empty() { Ok(None) } else { CreatedJson::<T>::decode(response).map(Some) }
    }
}

/// `201 Created` with neither body nor address: what some PUTs answer.
pub struct CreatedEmpty;

impl Reply for CreatedEmpty {
    type Value = ();
    fn encode((): ()) -> Result<Response<Bytes>, serde_json::Error> {
        Ok(empty(StatusCode::CREATED))
    }
    fn decode(_: Response<Bytes>) -> Result<(), serde_json::Error> {
        Ok(())
    }
}

/// `200 OK` without a body.
pub struct OkEmpty;

impl Reply for OkEmpty {
    type Value = ();
    fn encode((): ()) -> Result<Response<Bytes>, serde_json::Error> {
        Ok(empty(StatusCode::OK))
    }
    fn decode(_: Response<Bytes>) -> Result<(), serde_json::Error> {
        Ok(())
    }
}

/// `200 OK` with text.
pub struct Text;

impl Reply for Text {
    type Value = String;
    const ACCEPT: &'static str = "text/plain";
    fn encode(value: String) -> Result<Response<Bytes>, serde_json::Error> {
        Ok(with_body(StatusCode::OK, "text/plain;charset=UTF-8", value.into()))
    }
    fn decode(response: Response<Bytes>) -> Result<String, serde_json::Error> {
        Ok(String::from_utf8_lossy(response.body()).into_owned())
    }
}

/// `200 OK` with a body whose media type is the answer's own: keystores, zip files, XML, JWTs.
pub struct File;

/// The value of a [`File`] answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// The `Content-Type`.
    pub media_type: String,
    /// The body.
    pub bytes: Bytes,
}

impl Reply for File {
    type Value = Content;
    const ACCEPT: &'static str = "*/*";
    fn encode(value: Content) -> Result<Response<Bytes>, serde_json::Error> {
        let mut response = with_body(StatusCode::OK, "application/octet-stream", value.bytes);
        if let Ok(media_type) = HeaderValue::from_str(&value.media_type) {
            response.headers_mut().insert(header::CONTENT_TYPE, media_type);
        }
        Ok(response)
    }
    fn decode(response: Response<Bytes>) -> Result<Content, serde_json::Error> {
        let media_type = response.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        Ok(Content { media_type: media_type.to_owned(), bytes: response.body().clone() })
    }
}

/// The fields of a form, in order and as sent: Keycloak refuses repeated ones, so they are kept.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Form(pub Vec<(String, String)>);

impl Form {
    /// The fields of a struct or of a list of pairs.
    pub fn of(fields: &impl Serialize) -> Result<Self, BodyError> {
        let text = serde_html_form::to_string(fields).map_err(BodyError::form)?;
        serde_html_form::from_str(&text).map(Form).map_err(BodyError::form)
    }
    /// Adds a field.
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.0.push((name.to_owned(), value.into()));
        self
    }
    /// The first value of a field.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
    /// The name of a field that is there more than once.
    pub fn repeated(&self) -> Option<&str> {
        let mut seen = std::collections::HashSet::new();
        self.0.iter().map(|(n, _)| n.as_str()).find(|n| !seen.insert(*n))
    }
}

/// Names only: values of forms are passwords and tokens.
impl std::fmt::Debug for Form {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.iter().map(|(n, _)| n)).finish()
    }
}

/// The kinds of bodies an operation can take; the macro names one of these modules.
pub mod payload {
    use super::*;

    fn media_type(parts: &Parts) -> &str {
        let value = parts.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        value.split(';').next().unwrap_or_default().trim()
    }

    /// `body: T`: JSON.
    pub mod body {
        use super::*;
        /// Reads JSON; another media type than `application/json` is refused.
        pub fn read<T: DeserializeOwned>(parts: &Parts, body: &[u8]) -> Result<T, ReadError> {
            let kind = media_type(parts);
            if !(kind.eq_ignore_ascii_case("application/json") || kind.is_empty() && body.is_empty()) {
                return Err(ReadError::MediaType);
            }
            lenient::read_json(body).map_err(ReadError::Body)
        }
        /// Writes JSON.
        pub fn write<T: Serialize>(value: &T) -> Result<(HeaderValue, Bytes), CallError> {
            let bytes = serde_json::to_vec(value).map_err(|e| CallError::Body(e.to_string()))?;
            Ok((HeaderValue::from_static("application/json"), bytes.into()))
        }
    }

    /// `optional: Option<T>`: JSON that may be absent.
    pub mod optional {
        use super::*;
        /// Reads JSON, or `None` from an empty body.
        pub fn read<T: OptionalBody>(parts: &Parts, body: &[u8]) -> Result<T, ReadError> {
            T::read(parts, body)
        }
        /// Writes JSON, or nothing for `None`.
        pub fn write<T: OptionalBody>(value: &T) -> Result<(HeaderValue, Bytes), CallError> {
            value.write()
        }
        /// `Option` of a representation.
        pub trait OptionalBody: Sized {
            /// Reads it.
            fn read(parts: &Parts, body: &[u8]) -> Result<Self, ReadError>;
            /// Writes it.
            fn write(&self) -> Result<(HeaderValue, Bytes), CallError>;
        }
        impl<T: DeserializeOwned + Serialize> OptionalBody for Option<T> {
            fn read(parts: &Parts, body: &[u8]) -> Result<Self, ReadError> {
                if body.is_empty() { Ok(None) } else { super::body::read(parts, body).map(Some) }
            }
            fn write(&self) -> Result<(HeaderValue, Bytes), CallError> {
                match self {
                    Some(value) => super::body::write(value),
                    None => Ok((HeaderValue::from_static("application/json"), Bytes::new())),
                }
            }
        }
    }

    /// `form: Form`: URL-encoded fields.
    pub mod form {
        use super::*;
        /// Reads the fields; a body of another media type has none.
        pub fn read<T: From<Form>>(parts: &Parts, body: &[u8]) -> Result<T, ReadError> {
            let is_form = media_type(parts).eq_ignore_ascii_case("application/x-www-form-urlencoded");
            let body = if is_form { body } else { &[] };
            let pairs: Vec<(String, String)> =
                serde_html_form::from_bytes(body).map_err(|e| ReadError::Body(BodyError::form(e)))?;
            if pairs.iter().any(|(name, value)| name.contains('\0') || value.contains('\0')) {
                return Err(ReadError::Body(BodyError::form("NUL")));
            }
            Ok(Form(pairs).into())
        }
        /// Writes the fields.
        pub fn write(value: &Form) -> Result<(HeaderValue, Bytes), CallError> {
            let text = serde_html_form::to_string(&value.0).map_err(|e| CallError::Body(e.to_string()))?;
            Ok((HeaderValue::from_static("application/x-www-form-urlencoded"), text.into()))
        }
    }

    /// `text: String`: plain text.
    pub mod text {
        use super::*;
        /// Reads the text.
        pub fn read<T: From<String>>(parts: &Parts, body: &[u8]) -> Result<T, ReadError> {
            if !media_type(parts).eq_ignore_ascii_case("text/plain") {
                return Err(ReadError::MediaType);
            }
            String::from_utf8(body.to_vec()).map(T::from).map_err(|e| ReadError::Body(BodyError::text(e)))
        }
        /// Writes the text.
        pub fn write(value: &str) -> Result<(HeaderValue, Bytes), CallError> {
            Ok((HeaderValue::from_static("text/plain"), value.to_owned().into()))
        }
    }

    /// `multipart: Multipart`: the raw parts of an upload, with the boundary in their media type.
    pub mod multipart {
        use super::*;
        /// Keeps body and media type.
        pub fn read<T: From<Content>>(parts: &Parts, body: &[u8]) -> Result<T, ReadError> {
            if !media_type(parts).eq_ignore_ascii_case("multipart/form-data") {
                return Err(ReadError::MediaType);
            }
            let media_type = parts.headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
            Ok(Content { media_type: media_type.to_owned(), bytes: Bytes::copy_from_slice(body) }.into())
        }
        /// Sends body and media type.
        pub fn write(value: &Content) -> Result<(HeaderValue, Bytes), CallError> {
            let media_type = HeaderValue::from_str(&value.media_type).map_err(|e| CallError::Body(e.to_string()))?;
            Ok((media_type, value.bytes.clone()))
        }
    }
}

/// Why a call was not sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallError {
    /// An empty, `.` or `..` path segment: URL parsers fold those, and the call would reach another resource.
    Segment {
        /// The placeholder's name.
        name: &'static str,
    },
    /// A query that cannot be written.
    Query(String),
    /// A body that cannot be written.
    Body(String),
}

impl std::fmt::Display for CallError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            CallError::Segment { name } => write!(f, "`{name}` must not be empty, \".\" or \"..\""),
            CallError::Query(e) => write!(f, "the query cannot be written: {e}"),
            CallError::Body(e) => write!(f, "the body cannot be written: {e}"),
        }
    }
}

impl std::error::Error for CallError {}

/// The client's half: a request ready to be sent, free of any HTTP library. Its URI is relative to the server's address.
#[derive(Debug)]
pub struct Call {
    /// `Group::function`.
    pub operation: &'static str,
    /// The request, or why it cannot be made.
    pub request: Result<Request<Bytes>, CallError>,
}

/// What needs no escape within a path segment: RFC 3986's unreserved characters.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

impl Call {
    /// Fills the path's placeholders in.
    pub fn new(
        operation: &'static str,
        method: Method,
        accept: &'static str,
        path: &str,
        params: &[(&'static str, &str)],
    ) -> Self {
        let request = fill(path, params).and_then(|uri| {
            let request = Request::builder().method(method).uri(uri).header(header::ACCEPT, accept);
            request.body(Bytes::new()).map_err(|e| CallError::Query(e.to_string()))
        });
        Call { operation, request }
    }
    /// Adds a query.
    pub fn query<Q: Serialize>(self, query: &Q) -> Self {
        self.change(|request| {
            let text = serde_html_form::to_string(query).map_err(|e| CallError::Query(e.to_string()))?;
            if !text.is_empty() {
                let uri = format!("{}?{text}", request.uri());
                *request.uri_mut() = uri.parse().map_err(|e: http::uri::InvalidUri| CallError::Query(e.to_string()))?;
            }
            Ok(())
        })
    }
    /// Adds a body that one of the [`payload`] modules wrote.
    pub fn payload(self, payload: Result<(HeaderValue, Bytes), CallError>) -> Self {
        self.change(|request| {
            let (media_type, bytes) = payload?;
            request.headers_mut().insert(header::CONTENT_TYPE, media_type);
            *request.body_mut() = bytes;
            Ok(())
        })
    }
    /// Adds a header.
    pub fn header(self, name: HeaderName, value: HeaderValue) -> Self {
        self.change(|request| {
            request.headers_mut().insert(name, value);
            Ok(())
        })
    }
    fn change(mut self, change: impl FnOnce(&mut Request<Bytes>) -> Result<(), CallError>) -> Self {
        self.request = self.request.and_then(|mut request| change(&mut request).map(|()| request));
        self
    }
}

/// Each value becomes one segment; a `{*rest}` placeholder takes several, and keeps their slashes.
fn fill(path: &str, params: &[(&'static str, &str)]) -> Result<String, CallError> {
    let mut out = String::with_capacity(path.len() + 40);
    let mut rest = path;
    for (name, value) in params {
        let Some((before, after)) = rest.split_once('{') else { break };
        let Some((placeholder, after)) = after.split_once('}') else { break };
        out.push_str(before);
        let many = placeholder.starts_with('*');
        let value = if many { value.trim_start_matches('/') } else { value };
        for (i, segment) in value.split(|c| many && c == '/').enumerate() {
            if matches!(segment, "" | "." | "..") {
                return Err(CallError::Segment { name });
            }
            if i > 0 {
                out.push('/');
            }
            out.extend(utf8_percent_encode(segment, SEGMENT));
        }
        rest = after;
    }
    out.push_str(rest);
    Ok(out)
}

/// What carries a [`Call`] to a server: `Out` is a future for the async client, a plain `Result` for the blocking one.
pub trait Transport {
    /// What a call gives.
    type Out<'a, R: Reply>
    where
        Self: 'a;
    /// Sends it.
    fn send<R: Reply>(&self, call: Call) -> Self::Out<'_, R>;
}

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
/// `optional: Option<T>`, `form: Form`, `text: String`, `multipart: Content`. A path in parentheses is joined from literals.
#[macro_export]
macro_rules! endpoints {
    ( $(#[doc = $gdoc:literal])* $Group:ident $gps:tt
      $( $(#[doc = $doc:literal])* $method:ident $path:tt fn $name:ident ( $($args:tt)* ) $(-> $reply:ty)? $(, cache: $cache:literal)? ; )+
    ) => {
        $crate::endpoints!{ @group [$(#[doc = $gdoc])*] $Group $gps }
        /// The operations of this group.
        pub const ALL: &[$crate::endpoint::Operation] = &[ $( $crate::endpoint::Operation {
            name: concat!(stringify!($Group), "::", stringify!($name)), method: stringify!($method), path: $crate::path!($path),
        } ),+ ];
        $( $crate::endpoints!{ @args $Group $gps [$(#[doc = $doc])*] $method $path $name [] [] [] ($($reply)?) [$($cache)?] ; $($args)* } )+
    };
    (@group [$(#[$d:meta])*] $Group:ident ( $($gp:ident),* )) => {
        $(#[$d])*
        #[derive(Debug)]
        pub struct $Group<'a, C> { transport: &'a C, $($gp: &'a str),* }
        impl<'a, C> $Group<'a, C> {
            /// The group as seen through a client.
            pub fn new(transport: &'a C, $($gp: &'a str),*) -> Self { Self { transport, $($gp),* } }
        }
        impl<C> Clone for $Group<'_, C> { fn clone(&self) -> Self { *self } }
        impl<C> Copy for $Group<'_, C> {}
    };
    // sort the arguments into path parameters, the query and the body
    (@args $G:ident $gp:tt $d:tt $m:ident $p:tt $n:ident $ps:tt $q:tt $b:tt $r:tt $c:tt ; query: $t:ty $(, $($rest:tt)*)?) =>
        { $crate::endpoints!{ @args $G $gp $d $m $p $n $ps [$t] $b $r $c ; $($($rest)*)? } };
    (@args $G:ident $gp:tt $d:tt $m:ident $p:tt $n:ident $ps:tt $q:tt $b:tt $r:tt $c:tt ; $kind:ident : $t:ty $(, $($rest:tt)*)?) =>
        { $crate::endpoints!{ @args $G $gp $d $m $p $n $ps $q [$kind $t] $r $c ; $($($rest)*)? } };
    (@args $G:ident $gp:tt $d:tt $m:ident $p:tt $n:ident [$($ps:ident)*] $q:tt $b:tt $r:tt $c:tt ; $x:ident $(, $($rest:tt)*)?) =>
        { $crate::endpoints!{ @args $G $gp $d $m $p $n [$($ps)* $x] $q $b $r $c ; $($($rest)*)? } };
    (@args $G:ident $gp:tt $d:tt $m:ident $p:tt $n:ident $ps:tt $q:tt $b:tt () $c:tt ; ) =>
        { $crate::endpoints!{ @args $G $gp $d $m $p $n $ps $q $b (()) $c ; } };
    (@args $Group:ident ($($gp:ident),*) [$(#[$d:meta])*] $method:ident $path:tt $name:ident [$($p:ident)*] [$($q:ty)?] [$($kind:ident $b:ty)?] ($reply:ty) [$($cache:literal)?] ; ) => {
        $(#[$d])*
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
            const _: () = $crate::endpoint::check_path($crate::path!($path), &[$(stringify!($gp),)* $(stringify!($p),)*]);
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
        }
        impl<'a, C: $crate::endpoint::Transport> $Group<'a, C> {
            $(#[$d])*
            #[doc = concat!("\n\n`", stringify!($method), " ", $crate::path!($path), "`")]
            #[allow(clippy::ptr_arg)] // a body may be a list
            pub fn $name(&self, $($p: &str,)* $(query: &$q,)? $($kind: &$b,)?) -> C::Out<'a, $reply> {
                let call = $crate::endpoint::Call::new(
                    concat!(stringify!($Group), "::", stringify!($name)), $crate::http::Method::$method,
                    <$reply as $crate::endpoint::Reply>::ACCEPT, $crate::path!($path),
                    &[$((stringify!($gp), self.$gp),)* $((stringify!($p), $p),)*],
                );
                self.transport.send(call $(.query::<$q>(query))? $(.payload($crate::endpoint::payload::$kind::write($kind)))?)
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_stays_one_segment_whatever_is_in_it() {
        let path = fill("/admin/realms/{realm}/roles/{name}", &[("realm", "a/b"), ("name", "x;y=1+2%ü .")]);
        assert_eq!(path.as_deref(), Ok("/admin/realms/a%2Fb/roles/x%3By%3D1%2B2%25%C3%BC%20."));
    }

    #[test]
    fn segments_that_url_parsers_fold_are_refused() {
        for bad in ["", ".", ".."] {
            assert_eq!(fill("/a/{name}", &[("name", bad)]), Err(CallError::Segment { name: "name" }));
        }
    }

    #[test]
    fn a_value_with_braces_is_not_taken_for_a_placeholder() {
        assert_eq!(fill("/{a}/{b}", &[("a", "{b}"), ("b", "x")]).as_deref(), Ok("/%7Bb%7D/x"));
    }

    #[test]
    fn a_rest_placeholder_keeps_its_slashes() {
        assert_eq!(
            fill("/group-by-path/{*path}", &[("path", "/top/sub one")]).as_deref(),
            Ok("/group-by-path/top/sub%20one")
        );
    }
}
