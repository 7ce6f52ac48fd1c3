package ui

// URL is the address of an asset.
func URL(name string) string { return "/assets/" + name }
