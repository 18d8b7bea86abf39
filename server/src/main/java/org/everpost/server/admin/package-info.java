/**
 * <b>Purpose:</b> the command line: what an operator types, whether the server runs or not.
 *
 * <p><b>Map:</b> {@link org.everpost.server.admin.CommandTree} lists all commands; {@link
 * org.everpost.server.admin.Program} parses what was typed and runs it; a command that needs the
 * data runs in the server if there is one ({@link org.everpost.server.admin.ControlSocket} is its
 * end, {@link org.everpost.server.admin.ControlClient} ours), or else here, with the store opened
 * for it. The same code does it in both cases, talking to a {@link
 * org.everpost.server.admin.Console}. A server that runs is asked before the words are read here,
 * and does at once what needs nobody's answer: reading words costs a process that was just started
 * more than all the rest.
 *
 * <p><b>Rules:</b> a person is asked before the command is anybody's burden: neither the store nor
 * the server waits for what is typed. 0 is done, 1 is refused or failed, 2 is a mistake in what was
 * typed. Data goes to standard output, everything else to standard error. A password is never an
 * argument.
 *
 * <p><b>Threads:</b> one thread a command.
 *
 * <p><b>Failures:</b> {@link org.everpost.server.admin.CommandException}: its message is for the
 * operator.
 */
@NullMarked
package org.everpost.server.admin;

import org.jspecify.annotations.NullMarked;
