// Package texts writes what people say in the demonstration region: a
// citizen's report, the questions and additions that follow, the authority's
// answer, and what is said when it is redirected, returned, reopened or rated.
//
// A story is a function of its input and a source of chance. Its sentences are
// made of fragments that stand in data/*.txt, one file for a category of the
// rubricator. A block begins with "== code" and holds lines that begin with a
// letter and a blank:
//
//	~  what it is about, prepositional: «о яме на дороге»
//	+  what is to be done, infinitive: «заделать яму»
//	=  that it was done, past plural: «яму заделали»
//	!  that it was not done: «яма на месте»
//	p  the problem, a sentence of the citizen
//	f  what was done, a sentence of the authority
//	h  who suffers, a sentence of the citizen
//	c  why it happened, a sentence of the authority
//	n  what comes next, a sentence of the authority
//	q  a question to the applicant and, after "=>", the reply
//	x  why it can't be done now, a clause; only where such an answer is possible
//	w  why it takes time, a clause
//	v  words of the landmark that a variant is told of, divided by |
//
// A line and an alternative may begin with tags and a colon: digits name the
// variants of the trouble of which it may be said, w and s the cold and the
// warm half of the year (see aspect.go). One variant holds for all texts of a
// report.
//
// The marks ~ + = ! and p, f belong to facts; the others to subcategories or
// categories, from where facts inherit them. {a|b|c} is a choice, which may be
// nested and may have empty parts; <name> is a slot (see slots.go).
//
// No sentence of a story may be common: with names and numbers removed it
// stands in at most 20 of 3,000 reports, which a test proves.
package texts
