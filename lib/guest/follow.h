// SPDX-License-Identifier: GPL-3.0-or-later
// What follows when a guest that exists is changed in one place: the rest of its XML has to fit.
#pragma once

struct error;
struct guest;
struct xml_element;

// What an element was before it was edited.
struct follow {
	char *boot_order, *type;
};

struct follow follow_begin(const struct xml_element *element);
void follow_clear(struct follow *follow);
#define auto_follow __attribute__((cleanup(follow_clear)))

// ELEMENT was edited: where its place in the boot order is new the others move behind it, and a
// SPICE display comes or goes with the devices around it.
void follow_edit(const struct follow *follow, struct guest *guest, struct xml_element *element);

// ELEMENT is new.
void follow_addition(struct guest *guest, struct xml_element *element);

// ELEMENT is about to go: the console that is the same as a serial port goes with it.
void follow_removal(struct guest *guest, struct xml_element *element);

// Displays have come or gone: what is of use with SPICE alone goes with the last SPICE display.
void follow_graphics(struct guest *guest);
// The devices of SPICE whatever displays there are.
void follow_without_spice(struct guest *guest);

// The disk has a source that was found out: its type and format are that one's.
void follow_source(struct guest *guest, struct xml_element *disk);

// What options left to the guest as a whole: devices that boot, firmware, CPU. The host is known.
int follow_choices(struct guest *guest, struct error *err);
