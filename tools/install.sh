#!/usr/bin/env bash
# Installs what the tests need and is missing: PostgreSQL, Chromium, clamd, postfix from
# Debian, axe-core and smpp from npm. Without root it says what it could not install;
# the tests that need it then say so too.
set -u
cd "$(dirname "$0")/.."
missing=()
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing+=(postgresql)
command -v chromium >/dev/null || missing+=(chromium)
command -v clamd >/dev/null || missing+=(clamav-daemon)
[ -x /usr/sbin/postfix ] || missing+=(postfix)
if [ ${#missing[@]} -gt 0 ]; then
	if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
		echo "installing: ${missing[*]}"
		# The package of postfix asks what the machine's own mail is to be; the tests run one of their own.
		printf 'postfix postfix/%s\n' 'main_mailer_type select Local only' 'mailname string localhost' | debconf-set-selections 2>/dev/null
		apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null || echo "could not install: ${missing[*]}"
	else
		echo "not installed, needs root: ${missing[*]}"
	fi
fi
if command -v npm >/dev/null; then
	if [ ! -d tools/assets/node_modules/axe-core ]; then
		(cd tools/assets && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null) || echo "could not install axe-core"
	fi
	if [ ! -d tools/smsc/node_modules/smpp ]; then
		(cd tools/smsc && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null) || echo "could not install npm smpp"
	fi
else
	echo "npm is missing: pages are not checked by axe-core, nor short messages against npm smpp"
fi
exit 0
