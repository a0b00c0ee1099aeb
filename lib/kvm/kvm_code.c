// SPDX-License-Identifier: GPL-3.0-or-later
#include "kvm/kvm_code.h"

#if defined(__x86_64__)

// clang-format off
#define ENTRY(name_) \
	".globl kvm_code_" #name_ "\n" \
	".hidden kvm_code_" #name_ "\n" \
	"kvm_code_" #name_ ":\n"
// clang-format on

__asm__(".pushsection .text\n"
	".balign 16\n" ENTRY(start)

		ENTRY(registers) "inc %rax\n inc %rbx\n inc %rcx\n inc %rdx\n"
				 "inc %rsi\n inc %rdi\n inc %rbp\n inc %r8\n"
				 "inc %r9\n inc %r10\n inc %r11\n inc %r12\n"
				 "inc %r13\n inc %r14\n inc %r15\n"
				 "hlt\n"

	ENTRY(special) "mov %cr3, %rax\n"
		       "mov %cr4, %rbx\n"
		       "paddq %xmm0, %xmm0\n"
		       "hlt\n"

	ENTRY(msr) "rdmsr\n"
		   "inc %eax\n"
		   "wrmsr\n"
		   "hlt\n"

	ENTRY(port) "out %al, %dx\n"
		    "in %dx, %al\n"
		    "inc %al\n"
		    "out %al, %dx\n"
		    "hlt\n"

	ENTRY(memory) "mov %eax, (%rdi)\n"
		      "mov (%rdi), %eax\n"
		      "inc %eax\n"
		      "mov %eax, (%rdi)\n"
		      "hlt\n"

	ENTRY(interrupt) "sti\n"
			 "nop\n"
			 "out %al, %dx\n"
			 "nop\n"
			 "cli\n"
			 "hlt\n"

	ENTRY(handler) "incq (%rsi)\n"
		       "iretq\n"

	ENTRY(exits) "1: out %al, %dx\n"
		     "jmp 1b\n"

	ENTRY(speed) "call kvm_code_loop\n"
		     "hlt\n"

	ENTRY(svm) "mov %rax, %rdi\n"
		   "mov $0xc0000080, %ecx\n" // EFER: SVME
		   "rdmsr\n"
		   "or $0x1000, %eax\n"
		   "wrmsr\n"
		   "mov $0xc0010117, %ecx\n" // VM_HSAVE_PA
		   "mov %esi, %eax\n"
		   "xor %edx, %edx\n"
		   "wrmsr\n"
		   "mov %rdi, %rax\n"
		   "vmrun %rax\n"
		   "hlt\n"

	ENTRY(svm_guest) "lea (%rbx,%rbx,2), %rbx\n"
			 "vmmcall\n"
			 "hlt\n"

	ENTRY(vmx) "mov %cr4, %rax\n"
		   "or $0x2000, %eax\n" // CR4: VMXE
		   "mov %rax, %cr4\n"
		   "vmxon (%rdi)\n"
		   "setnbe %al\n" // neither CF nor ZF
		   "jbe 1f\n"
		   "vmxoff\n"
		   "1: hlt\n"

	ENTRY(loop) "mov %rsi, %rax\n"
		    "movabs $6364136223846793005, %rdx\n"
		    "1: imul %rdx, %rax\n"
		    "inc %rax\n"
		    "dec %rdi\n"
		    "jnz 1b\n"
		    "ret\n"

	ENTRY(end) ".popsection\n");

#endif
