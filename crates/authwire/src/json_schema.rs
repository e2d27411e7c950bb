//! `schemars::JsonSchema` of generated configs, where the feature is on; nothing where it is not. A macro of this crate,
//! because the derive does not know which features its user chose.

/// Implements `schemars::JsonSchema` by the source schema.
#[cfg(feature = "schemars")]
#[doc(hidden)]
#[macro_export]
macro_rules! __json_schema {
    ($config:ident, $text:expr) => {
        impl $crate::__private::schemars::JsonSchema for $config {
            fn schema_name() -> $crate::__private::Cow<'static, ::core::primitive::str> {
                $crate::__private::Cow::Borrowed(::core::stringify!($config))
            }

            fn schema_id() -> $crate::__private::Cow<'static, ::core::primitive::str> {
                $crate::__private::Cow::Borrowed(::core::concat!(
                    ::core::module_path!(),
                    "::",
                    ::core::stringify!($config)
                ))
            }

            fn json_schema(
                _: &mut $crate::__private::schemars::SchemaGenerator,
            ) -> $crate::__private::schemars::Schema {
                $crate::__private::json_schema(
                    ::core::concat!(
                        "urn:authwire:",
                        ::core::module_path!(),
                        "::",
                        ::core::stringify!($config)
                    ),
                    $text,
                )
            }
        }
    };
}

/// Does nothing: the feature `schemars` is off.
#[cfg(not(feature = "schemars"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __json_schema {
    ($config:ident, $text:expr) => {};
}
