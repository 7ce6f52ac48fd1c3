package web

import "net/http"

// The content security policies. No inline script or style anywhere; all from
// the site itself.
const (
	cspBase = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; " +
		"media-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
	cspPage    = cspBase + "img-src 'self'"
	cspPreview = cspBase + "img-src 'self' blob:"
	// MapLibre starts its worker from a blob and decodes pictures through blobs and data addresses.
	cspMap = cspBase + "img-src 'self' blob: data:; worker-src 'self' blob:; child-src blob:"
	cspAPI = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)

func (s *Server) secure(h http.Header, csp string) {
	h["Content-Security-Policy"] = []string{csp}
	for k, v := range fixedHeaders {
		h[k] = v
	}
	if s.cfg.Address.secure {
		h["Strict-Transport-Security"] = []string{"max-age=31536000; includeSubDomains"}
	}
}

var fixedHeaders = map[string][]string{
	"X-Content-Type-Options":       {"nosniff"},
	"X-Frame-Options":              {"DENY"},
	"Referrer-Policy":              {"same-origin"},
	"Cross-Origin-Opener-Policy":   {"same-origin"},
	"Cross-Origin-Resource-Policy": {"same-origin"},
	"Permissions-Policy":           {"geolocation=(self), camera=(), microphone=(), payment=(), usb=()"},
}
