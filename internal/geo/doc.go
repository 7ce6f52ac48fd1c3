// Package geo is the plane geometry of a region: points in microdegrees,
// lines, polygons, distances in metres and S2 cells. It is pure: no I/O, no
// clock, nothing of the domain.
//
// Distances and areas are computed on a plane laid at the point in question
// (equirectangular): within a region of some hundred kilometres the error
// stays under a half per cent, which is less than the width of a street at
// the distances that are asked for.
package geo
