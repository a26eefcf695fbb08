from=../ipv6-off-at-boot/in.yaml
sync --from $from
bin=$(dirname "$(command -v ip6tables-save)"); mkdir /tmp/sbin /tmp/kept
cp -a /usr/sbin/. /tmp/sbin; rm -f /tmp/sbin/ip6tables*; mount --bind /tmp/sbin /usr/sbin
[ "$bin" = /usr/sbin ] || mv "$bin"/ip6tables* /tmp/kept
hash -r
check 'the case has no ip6tables' not command -v ip6tables-save
sync --from $from
check 'the reason is told' said 'ip6tables-save is not installed'
check 'sync does not end with an error' code 0
check 'IPv4 is served' rs t 10.96.0.20:80 10.244.1.7:8080
check 'no virtual server of IPv6 is left' not vs t '[fd00:96::20]:80'
check 'the sets of IPv6 are empty' [ -z "$(ipset save | grep '^add KUBE-6-')" ]
sync --from $from
check 'a second run finds nothing to do' said 'nothing changed'
umount /usr/sbin; mv /tmp/kept/* "$bin" 2>/dev/null; hash -r
sync --from $from
check 'IPv6 is back' rs t '[fd00:96::20]:80' '[fd00:244:1::7]:8080'
