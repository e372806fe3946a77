Console.WriteLine("notebook runner");
