// Package number reads the numbers by which the state knows people and
// organisations, as people type them: SNILS, INN, OGRN, OGRNIP, KPP, the
// passport of Russia, a foreign document, a telephone.
//
// Every kind is a type whose value is canonical: what is stored, compared and
// hashed. A parser takes the name of the form's input and the typed text and
// gives the value, or a field that says which rule is broken and how to mend
// it; the sentences stand in the catalogue under "number". Spaces and dashes
// of any sort are ignored. A letter that looks like a digit is refused and
// named, never guessed: a guess would make a number of another person.
//
// Shown is the form of documents. Masked is the form for screens that somebody
// else may see. String of a person's number is its masked form, so that a
// number that gets into a log by accident is not told there; the value itself
// is string(n).
//
// A number that passes is well-formed. Whether it was issued, and to whom, only
// a register knows.
package number
