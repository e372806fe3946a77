using NotebookRunner.Terminal;

return await RunnerCommand.RunAsync(args);
