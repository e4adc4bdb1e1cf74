//! The kinds of success answers, in both directions.

use super::Content;
use crate::lenient;
use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use percent_encoding::percent_decode_str;
use serde::{Serialize, de::DeserializeOwned};

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
    id: String,
}

impl Created {
    /// What has this address.
    pub fn at(location: impl Into<String>) -> Self {
        let location = location.into();
        let last = location.rsplit('/').next().unwrap_or_default();
        let id = percent_decode_str(last).decode_utf8_lossy().into_owned();
        Created { location, id }
    }

    /// The last segment of the address, decoded: the new resource's id, or its name for roles and realms.
    pub fn id(&self) -> &str {
        &self.id
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
        Ok(Created::at(location(&response)))
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

/// A success answer that is a list.
pub trait List: Reply<Value = Vec<Self::Item>> {
    /// What it lists.
    type Item: Send + 'static;
}

impl<T: Serialize + DeserializeOwned + Send + 'static> List for Json<Vec<T>> {
    type Item = T;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_made_tells_its_name_as_it_is() {
        for (last, name) in
            [("42", "42"), ("a%2Fb%3Bc%3Dd%20%2B%20%25%C3%BC", "a/b;c=d + %ü"), ("1+1", "1+1"), ("", "")]
        {
            assert_eq!(Created::at(format!("http://id/admin/realms/acme/roles/{last}")).id(), name);
        }
    }
}
