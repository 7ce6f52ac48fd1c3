// Package taxonomy knows what a report may be about and who answers for it.
//
// The rubricator has three levels: category, subcategory, fact ("roads",
// "roads.surface", "roads.surface.pothole"). A fact carries what the form asks
// for, the term of the answer, and words by which a citizen's own sentence
// finds it ([Rubricator.Suggest], [Rubricator.Search]). The table of competence
// ([Competence.Route]) maps fact × territory × owner to an organisation.
//
// Invariants:
//   - A code never changes its meaning. A fact that is no longer offered stays
//     resolvable as retired, because cases name it.
//   - Published versions are never edited: a correction is a new version.
//   - Where the owner of a thing is not known, nobody guesses: the territory's
//     coordinator decides, and the route says so.
//
// The rubricator that a new installation begins with is embedded ([Default]);
// it is data under rubricator/, one file per category.
package taxonomy
