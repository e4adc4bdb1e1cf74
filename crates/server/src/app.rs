//! What lives as long as the server: database, configuration, caches, clock and randomness.

use crate::{
    caches::Caches,
    clock::Clock,
    config::{Command, Config},
    hasher::Hasher,
    keys::KeyMaker,
    login::Pages,
    outgoing::{Outgoing, Reach, jwks::KeySets},
    random::Random,
    token::signed::Recent,
};
use cloakroom_store::Store;

/// The server, without its network.
pub struct App {
    /// The database.
    pub store: Store,
    /// How it was started.
    pub config: Config,
    /// What time it is.
    pub clock: Clock,
    /// Ids and secrets.
    pub random: Random,
    /// Realms and clients, parsed.
    pub caches: Caches,
    /// Tokens that were verified lately.
    pub recent: Recent,
    /// The slots for hashing passwords.
    pub hasher: Hasher,
    /// Where new key pairs come from.
    pub key_maker: KeyMaker,
    /// The pages that people see.
    pub(crate) pages: Pages,
    /// How the server calls out.
    pub outgoing: Outgoing,
    /// Keys that others publish.
    pub key_sets: KeySets,
}

/// Requests that may wait for a hashing slot, per core: some seconds of logins.
const HASH_QUEUE: usize = 64;

impl App {
    /// A server on this database, with the machine's clock and randomness.
    pub fn new(store: Store, config: Config) -> Self {
        // what a developer registers is on the same machine
        let reach = if config.command == Command::StartDev { Reach::Any } else { Reach::Public };
        App {
            store,
            config,
            clock: Clock::System,
            random: Random::System,
            caches: Caches::default(),
            recent: Recent::default(),
            hasher: Hasher::new(cores(), Self::hash_queue()),
            key_maker: KeyMaker::Fresh,
            pages: Pages::load(),
            outgoing: Outgoing::new(reach),
            key_sets: KeySets::default(),
        }
    }

    /// How many requests may wait for a hashing slot, each on a blocking thread.
    pub fn hash_queue() -> usize {
        cores() * HASH_QUEUE
    }
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}
