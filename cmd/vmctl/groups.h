// SPDX-License-Identifier: GPL-3.0-or-later
// The commands of vmctl by group: one line here makes a command known.
#pragma once

#include "cli/command.h"

// clang-format off
#define GROUP_DOMAIN(X) \
	X(attach_device) \
	X(attach_disk) \
	X(attach_interface) \
	X(autostart) \
	X(await) \
	X(blkdeviotune) \
	X(blkiotune) \
	X(blockcommit) \
	X(blockcopy) \
	X(blockjob) \
	X(blockpull) \
	X(blockresize) \
	X(change_media) \
	X(console) \
	X(cpu_stats) \
	X(create) \
	X(define) \
	X(desc) \
	X(destroy) \
	X(detach_device) \
	X(detach_device_alias) \
	X(detach_disk) \
	X(detach_interface) \
	X(dom_fd_associate) \
	X(domblkthreshold) \
	X(domdirtyrate_calc) \
	X(domdisplay) \
	X(domdisplay_reload) \
	X(domfsfreeze) \
	X(domfsinfo) \
	X(domfsthaw) \
	X(domfstrim) \
	X(domhostname) \
	X(domid) \
	X(domif_setlink) \
	X(domiftune) \
	X(domjobabort) \
	X(domjobinfo) \
	X(domlaunchsecinfo) \
	X(domname) \
	X(dompmsuspend) \
	X(dompmwakeup) \
	X(domrename) \
	X(domsetlaunchsecstate) \
	X(domthrottlegroupdel) \
	X(domthrottlegroupinfo) \
	X(domthrottlegrouplist) \
	X(domthrottlegroupset) \
	X(domuuid) \
	X(domxml_from_native) \
	X(domxml_to_native) \
	X(dump) \
	X(dumpxml) \
	X(edit) \
	X(emulatorpin) \
	X(get_user_sshkeys) \
	X(guest_agent_timeout) \
	X(guestinfo) \
	X(guestvcpus) \
	X(inject_nmi) \
	X(iothreadadd) \
	X(iothreaddel) \
	X(iothreadinfo) \
	X(iothreadpin) \
	X(iothreadset) \
	X(lxc_enter_namespace) \
	X(managedsave) \
	X(managedsave_define) \
	X(managedsave_dumpxml) \
	X(managedsave_edit) \
	X(managedsave_remove) \
	X(memtune) \
	X(metadata) \
	X(migrate) \
	X(migrate_compcache) \
	X(migrate_getmaxdowntime) \
	X(migrate_getspeed) \
	X(migrate_postcopy) \
	X(migrate_setmaxdowntime) \
	X(migrate_setspeed) \
	X(modify) \
	X(numatune) \
	X(perf) \
	X(qemu_agent_command) \
	X(qemu_attach) \
	X(qemu_monitor_command) \
	X(qemu_monitor_event) \
	X(reboot) \
	X(reset) \
	X(restore) \
	X(resume) \
	X(save) \
	X(save_image_define) \
	X(save_image_dumpxml) \
	X(save_image_edit) \
	X(schedinfo) \
	X(screenshot) \
	X(send_key) \
	X(send_process_signal) \
	X(set_lifecycle_action) \
	X(set_user_password) \
	X(set_user_sshkeys) \
	X(setmaxmem) \
	X(setmem) \
	X(setvcpu) \
	X(setvcpus) \
	X(shutdown) \
	X(start) \
	X(suspend) \
	X(ttyconsole) \
	X(undefine) \
	X(update_device) \
	X(update_memory_device) \
	X(vcpucount) \
	X(vcpuinfo) \
	X(vcpupin) \
	X(vncdisplay)

#define GROUP_MONITOR(X) \
	X(domblkerror) \
	X(domblkinfo) \
	X(domblklist) \
	X(domblkstat) \
	X(domcontrol) \
	X(domfiles) \
	X(domif_getlink) \
	X(domifaddr) \
	X(domiflist) \
	X(domifstat) \
	X(dominfo) \
	X(dommemstat) \
	X(domstate) \
	X(domstats) \
	X(domtime) \
	X(list)

#define GROUP_EVENT(X) \
	X(event)

#define GROUP_GUEST(X) \
	X(cp) \
	X(inventory) \
	X(clone) \
	X(exec) \
	X(ip) \
	X(keys) \
	X(metrics) \
	X(proxy) \
	X(restart) \
	X(run) \
	X(ssh) \
	X(ssh_config) \
	X(stop) \
	X(top) \
	X(type) \
	X(wait) \
	X(why)

#define GROUP_HOST(X) \
	X(allocpages) \
	X(capabilities) \
	X(cpu_baseline) \
	X(cpu_compare) \
	X(cpu_models) \
	X(domcapabilities) \
	X(freecell) \
	X(freepages) \
	X(hostname) \
	X(hypervisor_cpu_baseline) \
	X(hypervisor_cpu_compare) \
	X(hypervisor_cpu_models) \
	X(maxvcpus) \
	X(node_memory_tune) \
	X(nodecpumap) \
	X(nodecpustats) \
	X(nodeinfo) \
	X(nodememstats) \
	X(nodesevinfo) \
	X(nodesuspend) \
	X(sysinfo) \
	X(uri) \
	X(version)

#define GROUP_INTERFACE(X) \
	X(iface_begin) \
	X(iface_bridge) \
	X(iface_commit) \
	X(iface_define) \
	X(iface_destroy) \
	X(iface_dumpxml) \
	X(iface_edit) \
	X(iface_list) \
	X(iface_mac) \
	X(iface_name) \
	X(iface_rollback) \
	X(iface_start) \
	X(iface_unbridge) \
	X(iface_undefine)

#define GROUP_FILTER(X) \
	X(nwfilter_binding_create) \
	X(nwfilter_binding_delete) \
	X(nwfilter_binding_dumpxml) \
	X(nwfilter_binding_list) \
	X(nwfilter_define) \
	X(nwfilter_dumpxml) \
	X(nwfilter_edit) \
	X(nwfilter_list) \
	X(nwfilter_undefine)

#define GROUP_NETWORK(X) \
	X(net_autostart) \
	X(net_create) \
	X(net_define) \
	X(net_desc) \
	X(net_destroy) \
	X(net_dhcp_leases) \
	X(net_dumpxml) \
	X(net_edit) \
	X(net_event) \
	X(net_info) \
	X(net_list) \
	X(net_metadata) \
	X(net_name) \
	X(net_port_create) \
	X(net_port_delete) \
	X(net_port_dumpxml) \
	X(net_port_list) \
	X(net_start) \
	X(net_undefine) \
	X(net_update) \
	X(net_uuid)

#define GROUP_SNAPSHOT(X) \
	X(snapshot_create) \
	X(snapshot_create_as) \
	X(snapshot_current) \
	X(snapshot_delete) \
	X(snapshot_dumpxml) \
	X(snapshot_edit) \
	X(snapshot_info) \
	X(snapshot_list) \
	X(snapshot_parent) \
	X(snapshot_revert)

#define GROUP_CHECKPOINT(X) \
	X(checkpoint_create) \
	X(checkpoint_create_as) \
	X(checkpoint_delete) \
	X(checkpoint_dumpxml) \
	X(checkpoint_edit) \
	X(checkpoint_info) \
	X(checkpoint_list) \
	X(checkpoint_parent)

#define GROUP_BACKUP(X) \
	X(backup_begin) \
	X(backup_dumpxml)
#define GROUP_DEVICE(X) \
	X(nodedev_autostart) \
	X(nodedev_create) \
	X(nodedev_define) \
	X(nodedev_destroy) \
	X(nodedev_detach) \
	X(nodedev_dumpxml) \
	X(nodedev_event) \
	X(nodedev_info) \
	X(nodedev_list) \
	X(nodedev_reattach) \
	X(nodedev_reset) \
	X(nodedev_start) \
	X(nodedev_undefine) \
	X(nodedev_update)

#define GROUP_SECRET(X) \
	X(secret_define) \
	X(secret_dumpxml) \
	X(secret_event) \
	X(secret_get_value) \
	X(secret_list) \
	X(secret_set_value) \
	X(secret_undefine)

#define GROUP_POOL(X) \
	X(find_storage_pool_sources) \
	X(find_storage_pool_sources_as) \
	X(pool_autostart) \
	X(pool_build) \
	X(pool_capabilities) \
	X(pool_create) \
	X(pool_create_as) \
	X(pool_define) \
	X(pool_define_as) \
	X(pool_delete) \
	X(pool_destroy) \
	X(pool_dumpxml) \
	X(pool_edit) \
	X(pool_event) \
	X(pool_info) \
	X(pool_list) \
	X(pool_name) \
	X(pool_refresh) \
	X(pool_start) \
	X(pool_undefine) \
	X(pool_uuid)

#define GROUP_VOLUME(X) \
	X(vol_clone) \
	X(vol_create) \
	X(vol_create_as) \
	X(vol_create_from) \
	X(vol_delete) \
	X(vol_download) \
	X(vol_dumpxml) \
	X(vol_info) \
	X(vol_key) \
	X(vol_list) \
	X(vol_name) \
	X(vol_path) \
	X(vol_pool) \
	X(vol_resize) \
	X(vol_upload) \
	X(vol_wipe)

#define GROUP_SHELL(X) \
	X(cd) \
	X(complete) \
	X(connect) \
	X(echo) \
	X(exit) \
	X(help) \
	X(pwd) \
	X(quit) \
	X(self_test)
// clang-format on

#define GROUP_DECLARE(name_) extern const struct command name_##_command;
GROUP_DOMAIN(GROUP_DECLARE)
GROUP_MONITOR(GROUP_DECLARE)
GROUP_EVENT(GROUP_DECLARE)
GROUP_GUEST(GROUP_DECLARE)
GROUP_HOST(GROUP_DECLARE)
GROUP_INTERFACE(GROUP_DECLARE)
GROUP_FILTER(GROUP_DECLARE)
GROUP_NETWORK(GROUP_DECLARE)
GROUP_SNAPSHOT(GROUP_DECLARE)
GROUP_CHECKPOINT(GROUP_DECLARE)
GROUP_BACKUP(GROUP_DECLARE)
GROUP_POOL(GROUP_DECLARE)
GROUP_VOLUME(GROUP_DECLARE)
GROUP_DEVICE(GROUP_DECLARE)
GROUP_SECRET(GROUP_DECLARE)
GROUP_POOL(GROUP_DECLARE)
GROUP_VOLUME(GROUP_DECLARE)
GROUP_SHELL(GROUP_DECLARE)
#undef GROUP_DECLARE

extern const struct group vmctl_groups[];
