// Package identity keeps people's accounts: who somebody is, how they sign in,
// their sessions, API tokens and the way pages look to them.
//
// Invariants:
//   - a login belongs to one account (identity_login is keyed by its hash);
//   - logins and contacts are stored sealed under the person's data key, and
//     found by a keyed hash alone;
//   - a session's, link's, device's or API token's secret is 32 random bytes;
//     only its SHA-256 is stored;
//   - a wrong login and a wrong password give the same answer after the same
//     work, and tries are counted per login, per address and per known
//     device: a stranger who guesses can't lock the owner out of a browser
//     that has signed in before;
//   - passwords are hashed with argon2id, at most one per core at a time.
package identity
