// Package photo draws the photographs of the demonstration region: streets,
// yards, stairwells and what is wrong with them, and the same place after the
// work. Nothing is downloaded and no real place is shown.
//
// A picture is a function of scene, seed, season, the after flag and the size.
// The place (buildings, trees, light, angle) comes from the seed alone, so the
// picture before and the picture after show one place.
package photo
