//! Turns are exclusive, among handles as among processes, and end with their holder.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use authwire_runtime::store::{StoreKey, TokenStore as _};

use crate::Folder;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_holder_at_a_time() {
    let folder = Folder::new();
    let within = Arc::new(AtomicU32::new(0));
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let (store, within) = (folder.open(), Arc::clone(&within));
            tokio::spawn(async move {
                let key = StoreKey::from_digest(&[7; 32]);
                for _ in 0..10 {
                    let _turn = store.turn(&key).await.unwrap();
                    assert_eq!(within.fetch_add(1, Ordering::SeqCst), 0);
                    tokio::time::sleep(Duration::from_millis(1)).await;
                    within.fetch_sub(1, Ordering::SeqCst);
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
}

#[tokio::test]
async fn other_keys_do_not_wait() {
    let folder = Folder::new();
    let store = folder.open();
    let _one = store.turn(&StoreKey::from_digest(&[1; 32])).await.unwrap();
    let _other = store.turn(&StoreKey::from_digest(&[2; 32])).await.unwrap();
}

#[tokio::test]
async fn who_goes_away_while_waiting_holds_nothing() {
    let folder = Folder::new();
    let (one, other) = (folder.open(), folder.open());
    let key = StoreKey::from_digest(&[3; 32]);
    let turn = one.turn(&key).await.unwrap();
    let waited = tokio::time::timeout(Duration::from_millis(60), other.turn(&key)).await;
    assert!(waited.is_err());
    drop(turn);
    let _turn = tokio::time::timeout(Duration::from_secs(20), one.turn(&key)).await.unwrap().unwrap();
}
