// Package region authors «Приозёрская область», the invented region of the
// demonstration: municipalities with borders, towns and villages, streets,
// houses, the asset register and the organisations that own and serve them.
//
// [New] makes all of it from a seed, the same bytes each time, in about a
// second; nothing is stored in the repository. The result is plain structures
// of package places, and [Region.WriteFiles] writes them in the formats that
// the import of places reads.
//
// Names of streets are the common ones of any town; names of towns,
// municipalities and organisations are invented. The coordinates lie between
// 59 and 61° N and 30 and 35° E so that the day, the time zone (Europe/Moscow)
// and the shape of the map are believable; nothing there is a real place.
package region
