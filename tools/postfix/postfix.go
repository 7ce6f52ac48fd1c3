// Package postfix starts Debian's postfix for tests, with configuration, queue
// and mailboxes of its own in a temporary folder. The machine's own postfix,
// where it has one, is not touched.
package postfix

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Postfix is a running mail server that takes mail for the mailboxes it was
// started with.
type Postfix struct {
	Port int

	t    *testing.T
	dir  string
	logs chan string
}

const mainCF = `compatibility_level = 3.6
queue_directory = %[1]s/queue
data_directory = %[1]s/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = /dev/stdout
myhostname = mail.test
mydestination =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
alias_maps =
local_recipient_maps =
smtputf8_enable = yes
smtpd_banner = mail.test ESMTP
smtpd_tls_security_level = may
smtpd_tls_chain_files = %[1]s/chain.pem
smtpd_recipient_restrictions = reject_unauth_destination
virtual_mailbox_domains = example.test
virtual_mailbox_base = %[1]s/mail
virtual_mailbox_maps = inline:{ %[2]s }
virtual_uid_maps = static:%[3]s
virtual_gid_maps = static:%[4]s
virtual_minimum_uid = 1
`

const masterCF = `127.0.0.1:%d inet n - n - - smtpd
postlog unix-dgram n - n - 1 postlogd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
`

// Start runs postfix until the test ends; it takes mail for the named
// mailboxes at example.test and shows cert. It skips the test, and says why,
// where postfix is not installed or the test does not run as root, which
// postfix needs.
func Start(t *testing.T, cert tls.Certificate, mailboxes ...string) *Postfix {
	t.Helper()
	program, err := exec.LookPath("/usr/sbin/postfix")
	if err != nil {
		t.Skip("SKIPPED: postfix is not installed (tools/install.sh does it as root), so nothing was checked against it")
	}
	if os.Getuid() != 0 {
		t.Skip("SKIPPED: postfix starts as root only, so nothing was checked against it")
	}
	owner, err := user.Lookup("postfix")
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "okno-postfix-") // short: a socket's path has about 100 characters
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	port, err := freePort()
	if err != nil {
		t.Fatal(err)
	}
	p := &Postfix{Port: port, t: t, dir: dir, logs: make(chan string, 1000)}
	p.lay(owner, cert, mailboxes)
	p.run(program)
	return p
}

// lay writes the configuration and the folders.
func (p *Postfix) lay(owner *user.User, cert tls.Certificate, mailboxes []string) {
	p.t.Helper()
	must := func(err error) {
		p.t.Helper()
		if err != nil {
			p.t.Fatal(err)
		}
	}
	uid, err := strconv.Atoi(owner.Uid)
	must(err)
	gid, err := strconv.Atoi(owner.Gid)
	must(err)
	must(os.Chmod(p.dir, 0o755))
	for _, sub := range []string{"queue", "data", "mail"} {
		must(os.Mkdir(filepath.Join(p.dir, sub), 0o755))
		if sub != "queue" {
			must(os.Chown(filepath.Join(p.dir, sub), uid, gid))
		}
	}
	var rows []string
	for _, box := range mailboxes {
		rows = append(rows, "{ "+box+"@example.test = "+box+"/ }")
	}
	key, err := x509.MarshalPKCS8PrivateKey(cert.PrivateKey)
	must(err)
	chain := append(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key}),
		pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert.Certificate[0]})...)
	for name, text := range map[string]string{
		"main.cf":   fmt.Sprintf(mainCF, p.dir, strings.Join(rows, ", "), owner.Uid, owner.Gid),
		"master.cf": fmt.Sprintf(masterCF, p.Port),
		"chain.pem": string(chain),
	} {
		must(os.WriteFile(filepath.Join(p.dir, name), []byte(text), 0o644))
	}
}

// run starts postfix and waits until it says that it runs.
func (p *Postfix) run(program string) {
	p.t.Helper()
	cmd := exec.Command(program, "-c", p.dir, "start-fg")
	out, err := cmd.StdoutPipe()
	if err != nil {
		p.t.Fatal(err)
	}
	cmd.Stderr = p.t.Output()
	if err := cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	read := make(chan struct{})
	go func() {
		defer close(read)
		defer close(p.logs)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			fmt.Fprintln(p.t.Output(), lines.Text())
			select {
			case p.logs <- lines.Text():
			default: // nobody waits for so much
			}
		}
	}()
	p.t.Cleanup(func() {
		if b, err := exec.Command(program, "-c", p.dir, "stop").CombinedOutput(); err != nil {
			p.t.Errorf("postfix stop: %v: %s", err, b)
			_ = cmd.Process.Kill()
		}
		<-read
		_ = cmd.Wait() // how it ends says nothing
	})
	p.Await("daemon started")
}

// Await waits for a line of the log that holds words.
func (p *Postfix) Await(words string) string {
	p.t.Helper()
	late := time.After(30 * time.Second)
	for {
		select {
		case line, ok := <-p.logs:
			if !ok {
				p.t.Fatalf("postfix ended without saying %q", words)
			}
			if strings.Contains(line, words) {
				return line
			}
		case <-late:
			p.t.Fatalf("postfix does not say %q", words)
		}
	}
}

// Mail gives the messages of a mailbox.
func (p *Postfix) Mail(box string) []string {
	p.t.Helper()
	names, err := filepath.Glob(filepath.Join(p.dir, "mail", box, "new", "*"))
	if err != nil {
		p.t.Fatal(err)
	}
	var out []string
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			p.t.Fatal(err)
		}
		out = append(out, string(b))
	}
	return out
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}
