from=../ipv6-off-at-boot/in.yaml
sync --from $from; show $K cleanup
mount --bind /bin/false "$(readlink -f "$(command -v modprobe)")"
check 'the case has no modprobe' not modprobe ip_vs
for form in steps batch; do
  $K sync --dry-run --full --script $form --node node-a --cluster-cidr $CIDR --from $from >/tmp/script
  show sh /tmp/script
  check "the script of $form runs to its end" code 0
  sync --from $from
  check 'and leaves nothing to do' said 'nothing changed'
  show $K cleanup
done
