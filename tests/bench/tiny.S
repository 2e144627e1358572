/* The least program there is: what its start costs is the kernel's share alone. */
	.globl _start
_start:
#if defined(__x86_64__)
	movl $60, %eax
	xorl %edi, %edi
	syscall
#elif defined(__aarch64__)
	mov x8, #93
	mov x0, #0
	svc #0
#else
#error "two instructions for this processor are missing here"
#endif
	.section .note.GNU-stack, "", %progbits
