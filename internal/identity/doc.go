// Package identity keeps people's accounts: who somebody is, how they sign in,
// their sessions, API tokens and the way pages look to them.
//
// Invariants:
//   - a login belongs to one account (identity_login is keyed by its hash);
//   - a telephone or e-mail by which somebody registered is a login too, so that
//     it belongs to one account; it was shown to be theirs by a code or a link,
//     and whoever asks learns from no page whether a contact has an account;
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
