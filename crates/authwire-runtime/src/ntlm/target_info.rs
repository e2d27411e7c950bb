//! What server and client tell each other beside the challenge: `AV_PAIR`s (MS-NLMP §2.2.2.1).

/// The end of a list.
const END: u16 = 0;
/// `MsvAvFlags`
const FLAGS: u16 = 6;
/// `MsvAvTimestamp`
const TIMESTAMP: u16 = 7;
/// `MsvAvTargetName`
const TARGET_NAME: u16 = 9;
/// `MsvAvChannelBindings`
const CHANNEL_BINDINGS: u16 = 10;

/// Of `MsvAvFlags`: the message carries an integrity code.
const HAS_MIC: u32 = 0x2;

/// Pairs of ids and values, in their order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct TargetInfo(Vec<(u16, Vec<u8>)>);

impl TargetInfo {
    /// Reads a list up to its end; `None` if it breaks off.
    pub(super) fn read(mut bytes: &[u8]) -> Option<Self> {
        let mut pairs = Vec::new();
        loop {
            let (id, rest) = split_u16(bytes)?;
            let (length, rest) = split_u16(rest)?;
            if id == END {
                return Some(Self(pairs));
            }
            let (value, rest) = rest.split_at_checked(usize::from(length))?;
            pairs.push((id, value.to_vec()));
            bytes = rest;
        }
    }

    /// The list with its end.
    pub(super) fn write(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (id, value) in self.0.iter().map(|(id, value)| (*id, value.as_slice())).chain([(END, &[][..])]) {
            bytes.extend_from_slice(&id.to_le_bytes());
            // what was read fits, and what we add is short
            bytes.extend_from_slice(&u16::try_from(value.len()).unwrap_or(u16::MAX).to_le_bytes());
            bytes.extend_from_slice(value);
        }
        bytes
    }

    /// The server's time. Where it is told, the client sends an integrity code (§3.1.5.1.2).
    pub(super) fn timestamp(&self) -> Option<[u8; 8]> {
        self.get(TIMESTAMP)?.try_into().ok()
    }

    /// The same with what a client adds that sends an integrity code: the flag for it, the binding to the channel, and
    /// which service it means to talk to.
    pub(super) fn for_answer(&self, channel_bindings: [u8; 16], service: &str) -> Self {
        let flags = self.get(FLAGS).and_then(|flags| flags.try_into().ok()).map_or(0, u32::from_le_bytes);
        let mut answer = self.clone();
        answer.set(FLAGS, (flags | HAS_MIC).to_le_bytes().to_vec());
        answer.set(CHANNEL_BINDINGS, channel_bindings.to_vec());
        answer.set(TARGET_NAME, super::message::utf16(service).to_vec());
        answer
    }

    fn get(&self, wanted: u16) -> Option<&[u8]> {
        self.0.iter().find(|(id, _)| *id == wanted).map(|(_, value)| value.as_slice())
    }

    fn set(&mut self, id: u16, value: Vec<u8>) {
        match self.0.iter_mut().find(|(known, _)| *known == id) {
            Some((_, old)) => *old = value,
            None => self.0.push((id, value)),
        }
    }
}

fn split_u16(bytes: &[u8]) -> Option<(u16, &[u8])> {
    let (number, rest) = bytes.split_first_chunk::<2>()?;
    Some((u16::from_le_bytes(*number), rest))
}
