package story_test

import (
	"net/netip"

	"okno/internal/directory"
	"okno/internal/identity"
	"okno/internal/policy"
)

func officeOf(roles ...policy.Role) directory.Office {
	return directory.Office{Roles: roles, Title: "администратор"}
}

func signIn() identity.SignIn { return identity.SignIn{Address: netip.MustParseAddr("192.0.2.1")} }
