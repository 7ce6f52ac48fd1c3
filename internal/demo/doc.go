// Package demo fills a data folder with the demonstration region: its
// register, organisations with officers, citizens, and a year of reports in
// every state. Everything is done by the use cases that people's own acts go
// through, at moments of the past; nothing is written as rows.
//
// What happens is a function of the seed: words, names, ids and public numbers
// come from it alone, dates are counted back from the first start, which the
// folder keeps. So a filling that was interrupted goes on where it stopped and
// ends with exactly what an uninterrupted one makes.
//
//	state.go     what the folder keeps
//	base.go      register, organisations, rubricator, table of competence
//	staff.go     who works where, who lives where, accounts
//	topics.go    how often people report what, and when in the year
//	ground.go    a place at a thing or a house
//	ground_fit.go what place each fact asks for
//	season.go    what snow hides, and what work waits for spring
//	outline.go   all bundles in short: when, of what kind, in which order
//	tale.go      one bundle: what is done with its reports, step by step
//	path.go      the way of one report through its stages
//	showcase.go  the reports of those who can sign in
//	files.go     photos and acts
//	run.go       doing the steps of a bundle
//	fill.go      all of it, first the base and 300 reports, then the rest
package demo
