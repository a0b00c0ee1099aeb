// SPDX-License-Identifier: GPL-3.0-or-later
// For the files with the rows of kinds: functions as a row wants them, from libvirt's.
#pragma once

#include <libvirt/libvirt.h>

// libvirt's functions take pointers of their own types; these take any object.
// clang-format off
#define NAMED_FUNCTIONS(kind_, name_) \
	static const char *kind_##_name(void *object) { return name_(object); }
#define UUID_FUNCTIONS(kind_, uuid_) \
	static int kind_##_uuid(void *object, char *uuid) { return uuid_(object, uuid); }
#define XML_FUNCTIONS(kind_, xml_) \
	static char *kind_##_xml(void *object, unsigned flags) { return xml_(object, flags); }
#define RELEASE_FUNCTIONS(kind_, free_) \
	static void kind_##_release(void *object) { free_(object); }
#define BY_UUID_FUNCTION(kind_, find_) \
	static void *kind_##_by_uuid(virConnectPtr c, const char *uuid) { return find_(c, uuid); }
#define BY_NAME_FUNCTION(kind_, find_) \
	static void *kind_##_by_name(virConnectPtr c, void *within, const char *name) \
	{ (void)within; return find_(c, name); }
#define WITHIN_FUNCTION(kind_, find_) \
	static void *kind_##_by_name(virConnectPtr c, void *within, const char *name) \
	{ (void)c; return find_(within, name, 0); }
#define LIST_FUNCTION(kind_, type_, list_) \
	static int kind_##_list(virConnectPtr c, void *within, void ***objects, unsigned flags) \
	{ (void)within; type_ *list = NULL; int count = list_(c, &list, flags); \
	  *objects = (void **)list; return count; }
#define LIST_WITHIN_FUNCTION(kind_, type_, list_) \
	static int kind_##_list(virConnectPtr c, void *within, void ***objects, unsigned flags) \
	{ (void)c; type_ *list = NULL; int count = list_(within, &list, flags); \
	  *objects = (void **)list; return count; }
#define DEFINE_WITHIN_FUNCTION(kind_, define_) \
	static void *kind_##_define(virConnectPtr c, void *within, const char *xml, unsigned flags) \
	{ (void)c; return define_(within, xml, flags); }
#define DESCENT_FUNCTIONS(kind_, type_, parent_, children_) \
	static void *kind_##_parent(void *object) { return parent_(object, 0); } \
	static int kind_##_children(void *object, void ***objects, unsigned flags) \
	{ type_ *list = NULL; int count = children_(object, &list, flags); \
	  *objects = (void **)list; return count; }
#define DEFINE_FUNCTION(kind_, call_) \
	static void *kind_##_define(virConnectPtr c, void *within, const char *xml, unsigned flags) \
	{ (void)c; (void)within; (void)flags; return call_; }
#define AUTOSTART_FUNCTIONS(kind_, get_, set_) \
	static int kind_##_get_autostart(void *object, int *on) { return get_(object, on); } \
	static int kind_##_set_autostart(void *object, int on) { return set_(object, on); }
#define METADATA_FUNCTIONS(kind_, get_, set_) \
	static char *kind_##_get_metadata(void *object, int type, const char *uri, unsigned flags) \
	{ return get_(object, type, uri, flags); } \
	static int kind_##_set_metadata(void *object, int type, const char *text, const char *key, \
					const char *uri, unsigned flags) \
	{ return set_(object, type, text, key, uri, flags); }
// clang-format on
