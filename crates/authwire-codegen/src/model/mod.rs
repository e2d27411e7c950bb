//! Which Rust type says what a schema says.
//!
//! A shape is chosen for its fidelity: a closed object is a struct, alternatives with a tag are an enum, a string with a
//! list of values is one too. What no Rust type says well is a checked `serde_json::Value`. Where a node has rules that
//! the shape's reader does not look at, a *guard* has the interpreter check it first; it costs time, never correctness.

mod modeller;

use std::rc::Rc;

use authwire_model::table::{Json, NodeId};

pub use modeller::root;

/// How a value of a node is held.
#[derive(Debug)]
pub struct Held {
    /// The type.
    pub shape: Shape,
    /// The node, for its checks.
    pub node: NodeId,
    /// Whether the interpreter must look at it first.
    pub guarded: bool,
    /// Whether its type is written for another place of the same definition. It is boxed, so that what stands in many places
    /// does not grow with each.
    pub shared: bool,
}

/// A Rust type.
#[derive(Debug)]
pub enum Shape {
    /// `String`
    String,
    /// `Text`: a string or a reference
    Text,
    /// `Secret`
    Secret,
    /// `TextMap`
    TextMap,
    /// `bool`
    Boolean,
    /// `u16`, `u32`, `u64` or `i64`
    Integer(Integer),
    /// `f64`
    Number,
    /// `Vec<T>`
    List(Box<Held>),
    /// A list of strings: an enum without data
    Names(Names),
    /// A closed object
    Struct(Rc<Struct>),
    /// Alternatives with a tag
    Tagged(Rc<Tagged>),
    /// The auth config of a connector file
    AuthConfig,
    /// `serde_json::Value`, checked
    Value,
    /// The same with a secret in it, or a secret as a whole
    SecretValue(bool),
}

impl Shape {
    /// Whether two values of it can be compared.
    #[must_use]
    pub fn is_comparable(&self) -> bool {
        match self {
            Self::AuthConfig => false,
            Self::List(item) => item.shape.is_comparable(),
            Self::Struct(shape) => shape.comparable,
            Self::Tagged(shape) => shape.variants.iter().all(|(_, _, of)| of.comparable),
            _ => true,
        }
    }
}

/// An integer type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Integer {
    /// 0 to 65,535
    U16,
    /// 0 to 4,294,967,295
    U32,
    /// From 0
    U64,
    /// Any
    I64,
}

/// An enum without data.
#[derive(Debug)]
pub struct Names {
    /// The type's name.
    pub name: String,
    /// The values as JSON writes them, with the variants' names.
    pub values: Vec<(String, String)>,
}

/// A struct.
#[derive(Debug)]
pub struct Struct {
    /// The type's name.
    pub name: String,
    /// Its fields, in the order of the schema's text.
    pub fields: Vec<Field>,
    /// Constants that are read and checked but not kept.
    pub constants: Vec<Constant>,
    /// `dependentRequired`
    pub needs: Vec<(String, Vec<String>)>,
    /// Whether two of it can be compared.
    pub comparable: bool,
}

/// A property with one value, that of a tag among them. It is always there, or is the root's `type`, which says what the
/// rest is whether it is written or not.
#[derive(Debug)]
pub struct Constant {
    /// As JSON writes it.
    pub key: String,
    /// The node, for its check.
    pub node: NodeId,
    /// Whether it must be there.
    pub required: bool,
    /// The value.
    pub value: Json,
}

/// A field of a struct.
#[derive(Debug)]
pub struct Field {
    /// As JSON writes it.
    pub key: String,
    /// As Rust writes it.
    pub name: String,
    /// Its type.
    pub held: Held,
    /// Whether it must be there.
    pub required: bool,
    /// Its default.
    pub default: Option<Json>,
}

/// An enum whose variants a tag tells apart.
#[derive(Debug)]
pub struct Tagged {
    /// The type's name.
    pub name: String,
    /// The property that tells.
    pub tag: String,
    /// The values of the tag, the variant's name, its struct.
    pub variants: Vec<(Vec<String>, String, Struct)>,
}
