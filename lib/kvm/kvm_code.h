// SPDX-License-Identifier: GPL-3.0-or-later
// The machine code that the probe's guest runs. It stands in this program as ordinary code of the
// same processor, is copied into the guest's memory and needs no address of its own.
#pragma once

#include <stddef.h>

#if defined(__x86_64__)

// The block that is copied, with the entry points inside it. Each piece ends with HLT.
extern const unsigned char kvm_code_start[], kvm_code_end[];

// Adds one to each general register but RSP.
extern const unsigned char kvm_code_registers[];
// Gives CR3 in RAX, CR4 in RBX, and doubles each half of XMM0.
extern const unsigned char kvm_code_special[];
// Reads MSR ECX to EDX:EAX, adds one to EAX and writes it back.
extern const unsigned char kvm_code_msr[];
// Writes AL to port DX, reads a byte from there, adds one to it and writes that.
extern const unsigned char kvm_code_port[];
// The same with 32 bits at address RDI.
extern const unsigned char kvm_code_memory[];
// Allows interrupts, writes AL to port DX, forbids them again.
extern const unsigned char kvm_code_interrupt[];
// The interrupt's handler: adds one to the 64 bits at address RSI.
extern const unsigned char kvm_code_handler[];
// Writes AL to port DX for ever.
extern const unsigned char kvm_code_exits[];
// kvm_code_loop() and nothing else; RDI and RSI are its arguments, RAX its result.
extern const unsigned char kvm_code_speed[];
// Runs the guest described by the VMCB at physical address RAX; RSI: physical address of a page
// for the processor to save its state in.
extern const unsigned char kvm_code_svm[];
// What that guest does: multiplies RBX by three and calls its host.
extern const unsigned char kvm_code_svm_guest[];
// Turns VMX on with the region at the physical address stored at address RDI and off again; AL is 1
// if that worked.
extern const unsigned char kvm_code_vmx[];

// COUNT rounds, at least 1, of four instructions each that depend on each other. The result, a
// function of SEED, tells that every round has run; the host calls it, and its guest runs it.
unsigned long kvm_code_loop(unsigned long count, unsigned long seed);

#endif
