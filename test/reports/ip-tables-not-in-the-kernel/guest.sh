from=../ipv6-off-at-boot/in.yaml
sync --from $from
check 'it is told' said 'IPv4 is left out'
check 'sync does not end with an error' code 0
check 'IPv6 is served' rs t '[fd00:96::20]:80' '[fd00:244:1::7]:8080'
check 'IPv4 is not half there' not vs t 10.96.0.20:80
sync --from $from
check 'a second run finds nothing to do' said 'nothing changed'
diff_ --from $from
check 'diff agrees' code 0
